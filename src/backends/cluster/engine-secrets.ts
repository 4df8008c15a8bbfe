import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { TlsOptions } from '@nats-io/transport-node';
import { CodedError, messageOf } from '../../core/errors.ts';
import type { ClusterConnection } from './contract.ts';

/** @throws {CodedError} `engine-unusable`, when it cannot be read */
export async function secretIn(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CodedError(
      'engine-unusable',
      `the ${what} for the engine, in ${file}, cannot be read: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/**
 * How a connection is encrypted.
 *
 * @returns undefined when it need not be: it is if the server likes
 */
export async function tlsOf({ servers, tls }: ClusterConnection): Promise<TlsOptions | undefined> {
  // The client would not insist, and send a token in the clear.
  const isWanted = servers.some((server) => server.startsWith('tls://'));
  if (!tls && !isWanted) return undefined;
  const { caFile, certFile, keyFile } = tls ?? {};
  const options: TlsOptions & { readonly checkServerIdentity: typeof checkServerIdentity } = {
    checkServerIdentity: identityCheck(servers),
  };
  if (caFile !== undefined) options.ca = await secretIn(caFile, 'certificate of the authority');
  if (certFile !== undefined) options.cert = await secretIn(certFile, 'certificate');
  if (keyFile !== undefined) options.key = await secretIn(keyFile, 'key of the certificate');
  return options;
}

/** The client does not say to Node.js which address it connects to, if it is no name: any that was given is right. */
function identityCheck(servers: readonly string[]): typeof checkServerIdentity {
  const hosts = servers.map((server) => server.replace(/^(\w+:\/\/)?(.*@)?/, '').replace(/:\d+$/, ''));
  const addresses = hosts.map((host) => host.replaceAll(/[[\]]/g, '')).filter((host) => isIP(host) !== 0);
  return (host: string, certificate: PeerCertificate) => {
    const fault = checkServerIdentity(host, certificate);
    const isOfAddress = addresses.some((address) => checkServerIdentity(address, certificate) === undefined);
    return isOfAddress ? undefined : fault;
  };
}
