import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { nkeys } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterConnection } from '../../../src/backends/cluster/contract.ts';
import { connectEngine } from '../../../src/backends/cluster/engine.ts';
import { Folder } from '../../support/folder.ts';
import { type Certificates, makeCertificates, makeCredentials, text } from './keys.ts';
import { hasServer, jetStreamIn, RawServer } from './support.ts';

/** Connects, and uses what a run uses. */
async function tryOut(connection: ClusterConnection): Promise<string> {
  const { nats, streams, place } = await connectEngine(connection, 'test');
  try {
    await streams.getAccountInfo();
    return place;
  } finally {
    await nats.close();
  }
}

const at = (extra: string) => (place: string) => `${jetStreamIn(place)}\n${extra}`;

/** What it says in place of connecting. */
async function faultOf(connection: ClusterConnection): Promise<string> {
  const error: unknown = await tryOut(connection).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'engine-unusable' });
  const { message } = error as Error;
  expect(message).not.toContain('\n');
  return message;
}

describe.skipIf(!hasServer)('a connection to an engine', () => {
  const folder = new Folder();
  const seed = nkeys.createUser();
  const stranger = nkeys.createUser();
  const { config, credentials } = makeCredentials();
  const nkeyFile = folder.write('user.nk', `${text(seed.getSeed())}\n`);
  const strangeFile = folder.write('stranger.nk', text(stranger.getSeed()));
  const credentialsFile = folder.write('user.creds', credentials);
  let servers: Readonly<Record<'token' | 'nkey' | 'creds' | 'tls' | 'mtls' | 'bare', RawServer>>;
  let own: Certificates;
  let other: Certificates;

  beforeAll(async () => {
    own = makeCertificates(folder, 'own');
    other = makeCertificates(folder, 'other');
    const tls = `cert_file: "${own.cert}", key_file: "${own.key}"`;
    servers = {
      token: await RawServer.start(at('authorization { token: "right" }')),
      nkey: await RawServer.start(at(`authorization { users: [{ nkey: ${seed.getPublicKey()} }] }`)),
      creds: await RawServer.start(at(config)),
      tls: await RawServer.start(at(`tls { ${tls} }\nauthorization { token: "right" }`)),
      mtls: await RawServer.start(at(`tls { ${tls}, ca_file: "${own.ca}", verify: true }`)),
      bare: await RawServer.start(() => '# without JetStream'),
    };
  });

  afterAll(async () => {
    for (const server of Object.values(servers)) await server[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it('is let in with the right token, and not with another one or none', async () => {
    const { url } = servers.token;
    expect(await tryOut({ servers: [url], token: 'right' })).toBe(url);
    const fault = await faultOf({ servers: [url], token: 'secret-but-wrong' });
    expect(fault).toContain(`the engine at ${url} refuses the token: see that`);
    expect(fault).not.toContain('secret-but-wrong');
    expect(await faultOf({ servers: [url] })).toContain('wants credentials: give a token');
  });

  it('is let in with the right nkey, and not with another one', async () => {
    const { url } = servers.nkey;
    expect(await tryOut({ servers: [url], nkeyFile })).toBe(url);
    expect(await faultOf({ servers: [url], nkeyFile: strangeFile })).toContain(
      `refuses the credentials in ${strangeFile}`,
    );
    expect(await faultOf({ servers: [url], nkeyFile: own.cert })).toContain(
      `${own.cert} holds no credentials that can be read`,
    );
  });

  it('is let in with a file of credentials, and not with one of another operator', async () => {
    const { url } = servers.creds;
    expect(await tryOut({ servers: [url], credentialsFile })).toBe(url);
    const strange = folder.write('stranger.creds', makeCredentials().credentials);
    expect(await faultOf({ servers: [url], credentialsFile: strange })).toContain(
      `refuses the credentials in ${strange}`,
    );
    expect(await faultOf({ servers: [url], credentialsFile: nkeyFile })).toContain(
      `${nkeyFile} holds no credentials that can be read`,
    );
    expect(await faultOf({ servers: [url], credentialsFile: folder.at('none') })).toContain(
      `the credentials for the engine, in ${folder.at('none')}, cannot be read: ENOENT`,
    );
  });

  it('is encrypted, with an authority that is named', async () => {
    const url = servers.tls.url.replace('nats:', 'tls:');
    expect(await tryOut({ servers: [url], token: 'right', tls: { caFile: own.ca } })).toBe(url);
    expect(await faultOf({ servers: [url], token: 'right' })).toContain(
      'has a certificate that is not trusted here: give the certificate of its authority, by --engine-ca, GLOMPO_ENGINE_CA or `caFile`',
    );
    expect(await faultOf({ servers: [url], token: 'right', tls: { caFile: other.ca } })).toContain(
      `has a certificate that the authority in ${other.ca} does not vouch for`,
    );
    expect(await faultOf({ servers: [url], token: 'wrong', tls: { caFile: own.ca } })).toContain(
      'refuses the token',
    );
    const named = url.replace('127.0.0.1', 'localhost');
    expect(await faultOf({ servers: [named], token: 'right', tls: { caFile: own.ca } })).toContain(
      'has a certificate of another name',
    );
    expect(
      await faultOf({ servers: [servers.token.url.replace('nats:', 'tls:')], token: 'right' }),
    ).toContain('does not encrypt');
  });

  it('shows a certificate where one is wanted', async () => {
    const { url } = servers.mtls;
    const tls = { caFile: own.ca };
    const right = { ...tls, certFile: own.cert, keyFile: own.key };
    const strange = { ...tls, certFile: other.cert, keyFile: other.key };
    expect(await tryOut({ servers: [url], tls: right })).toBe(url);
    const [none, untrusted, unfit] = await Promise.all(
      [tls, strange, { ...right, keyFile: other.key }].map((one) => faultOf({ servers: [url], tls: one })),
    );
    expect(none).toContain(
      'wants to see a certificate: give one and its key, by --engine-cert, GLOMPO_ENGINE_CERT or `certFile`, and --engine-key, GLOMPO_ENGINE_KEY or `keyFile`',
    );
    expect(untrusted).toContain(`does not trust the certificate in ${other.cert}`);
    expect(unfit).toContain('the two do not fit');
  });

  it('says that there is no JetStream', async () => {
    expect(await faultOf({ servers: [servers.bare.url] })).toContain(
      'has no JetStream, which keeps the jobs: start it with `nats-server -js`',
    );
  });

  it('says that nobody is there, or somebody else', async () => {
    expect(await faultOf({ servers: ['nats://127.0.0.1:1', 'nats://user:pass@127.0.0.1:2'] })).toBe(
      'the engine at nats://127.0.0.1:1, nats://127.0.0.1:2 cannot be reached: nothing listens there. See that it runs, and that host and port are right',
    );
    expect(await faultOf({ servers: ['nats://no-such-host.invalid:4222'] })).toContain(
      'is not to be found by that name',
    );
    await using web = await listening((write) => write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await faultOf({ servers: [web.url] })).toContain('is something else than a nats-server');
  });

  it('says that a server is too old', async () => {
    const info = { version: '2.1.9', proto: 1, max_payload: 1e6, headers: false };
    await using old = await listening((write) => {
      write(`INFO ${JSON.stringify(info)}\r\n`);
      write('PONG\r\n');
    });
    expect(await faultOf({ servers: [old.url] })).toBe(
      `the engine at ${old.url} is nats-server 2.1.9, which is too old: it takes 2.9 or later`,
    );
  });

  it('needs no more than JetStream of a server that is open to all', async () => {
    await using open = await RawServer.start();
    expect(await tryOut({ servers: [open.url] })).toBe(open.url);
  });
});

/** Something on a port that says one thing. */
async function listening(
  say: (write: (text: string) => void) => void,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    say((line) => socket.write(line));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `nats://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      await Promise.resolve();
    },
  };
}
