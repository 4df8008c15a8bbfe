import { execFileSync } from 'node:child_process';
import { nkeys } from '@nats-io/transport-node';
import type { Folder } from '../../support/folder.ts';

type KeyPair = ReturnType<typeof nkeys.createUser>;

export const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** A user of an account of an operator, as `nsc` would make them: what the server is told, and the user's file. */
export function makeCredentials(): { readonly config: string; readonly credentials: string } {
  const [operator, account, system, user] = [
    nkeys.createOperator(),
    nkeys.createAccount(),
    nkeys.createAccount(),
    nkeys.createUser(),
  ];
  const all = { subs: -1, data: -1, payload: -1 };
  const limits = { ...all, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
  const storage = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
  const claims = (jetStream: object): object => ({
    type: 'account',
    version: 2,
    limits: { ...limits, ...jetStream },
  });
  const preload = [
    `${account.getPublicKey()}: ${signed(operator, account, claims(storage))}`,
    `${system.getPublicKey()}: ${signed(operator, system, claims({}))}`,
  ];
  const jwt = signed(account, user, { type: 'user', version: 2, ...all });
  return {
    config: [
      `operator: ${signed(operator, operator, { type: 'operator', version: 2 })}`,
      'resolver: MEMORY',
      `system_account: ${system.getPublicKey()}`,
      `resolver_preload: { ${preload.join(', ')} }`,
    ].join('\n'),
    credentials: [
      '-----BEGIN NATS USER JWT-----',
      jwt,
      '------END NATS USER JWT------',
      '',
      '-----BEGIN USER NKEY SEED-----',
      text(user.getSeed()),
      '------END USER NKEY SEED------',
      '',
    ].join('\n'),
  };
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'ignore' });
}

function signed(issuer: KeyPair, subject: KeyPair, nats: object): string {
  const sub = subject.getPublicKey();
  const claims = {
    jti: sub,
    iat: Math.floor(Date.now() / 1000),
    iss: issuer.getPublicKey(),
    name: 'test',
    sub,
    nats,
  };
  const content = `${part({ typ: 'JWT', alg: 'ed25519-nkey' })}.${part(claims)}`;
  return `${content}.${Buffer.from(issuer.sign(new TextEncoder().encode(content))).toString('base64url')}`;
}

export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** An authority of its own, and a certificate by it for this machine's loopback, or for a client. */
export function makeCertificates(folder: Folder, name: string): Certificates {
  const at = (kind: string): string => folder.at(`${name}-${kind}`);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
    '-subj',
    `/CN=${name} authority`,
  );
  openssl(
    'req',
    ...key.slice(0, -2),
    '-keyout',
    at('key.pem'),
    '-out',
    at('request.pem'),
    '-subj',
    `/CN=${name}`,
  );
  folder.write(`${name}-extensions`, 'subjectAltName=IP:127.0.0.1\n');
  const authority = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial'];
  const extensions = ['-extfile', at('extensions')];
  openssl(
    'x509',
    '-req',
    '-days',
    '2',
    ...authority,
    ...extensions,
    '-in',
    at('request.pem'),
    '-out',
    at('cert.pem'),
  );
  return { ca: at('ca.pem'), cert: at('cert.pem'), key: at('key.pem') };
}
