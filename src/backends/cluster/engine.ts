import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { Authenticator, ConnectionOptions, NatsConnection } from '@nats-io/transport-node';
import { CodedError } from '../../core/errors.ts';
import type { ClusterConnection } from './contract.ts';
import { explain, placeOf } from './engine-faults.ts';
import { secretIn, tlsOf } from './engine-secrets.ts';
import { EngineSockets } from './engine-sockets.ts';

/** A server that was not heard of for about twice as long is taken for gone, and the connection is made anew. */
const PING_MS = 2000;
const CONNECT_MS = 5000;
const RECONNECT_MS = 250;

/** The oldest nats-server that this was tried with. */
const OLDEST: readonly [number, number] = [2, 9];

/** A connection to the engine. Once made, it is made again for ever when it breaks, until it is closed. */
export interface Engine {
  readonly nats: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly streams: JetStreamManager;
  /** Where it is, without secrets: `nats://host:4222`. */
  readonly place: string;
  /** Ends the connection for good, whatever the server does. */
  readonly close: () => Promise<void>;
}

/**
 * Connects to a nats-server with JetStream. The client is loaded with it, so that only those who use a cluster pay for that.
 *
 * @param name by which the server's own tools list the connection
 * @throws {CodedError} `engine-unusable`: what is wrong, where, and what to do, in a line without secrets
 */
export async function connectEngine(connection: ClusterConnection, name: string): Promise<Engine> {
  const place = placeOf(connection);
  const { connect, credsAuthenticator, nkeyAuthenticator } = await import('@nats-io/transport-node');
  const { jetstream, jetstreamManager } = await import('@nats-io/jetstream');
  const authenticator: Authenticator[] = [];
  const { credentialsFile, nkeyFile, token } = connection;
  if (credentialsFile !== undefined)
    authenticator.push(
      credsAuthenticator(new TextEncoder().encode(await secretIn(credentialsFile, 'credentials'))),
    );
  if (nkeyFile !== undefined) {
    const seed = await secretIn(nkeyFile, 'nkey seed');
    authenticator.push(nkeyAuthenticator(new TextEncoder().encode(seed.trim())));
  }
  const tls = await tlsOf(connection);
  const options: ConnectionOptions = {
    name,
    servers: [...connection.servers],
    noRandomize: true,
    ...(authenticator.length > 0 ? { authenticator } : {}),
    ...(token === undefined ? {} : { token }),
    ...(tls ? { tls } : {}),
    timeout: CONNECT_MS,
    pingInterval: PING_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    ignoreAuthErrorAbort: true,
    noAsyncTraces: true,
  };
  const sockets = new EngineSockets();
  let isMade = false;
  let nats: NatsConnection | undefined;
  try {
    const made = await sockets.run(() => connect(options));
    nats = made;
    demandVersion(made, place);
    const close = async (): Promise<void> => {
      await made.close();
      sockets.destroy();
    };
    const engine = { nats, jetstream: jetstream(nats), streams: await jetstreamManager(nats), place, close };
    isMade = true;
    return engine;
  } catch (error) {
    await nats?.close();
    if (error instanceof CodedError) throw error;
    throw explain(
      options.tls && !nats ? await sockets.run(() => reasonOf(error, options)) : error,
      connection,
    );
  } finally {
    if (!isMade) sockets.destroy();
  }
}

/** What it takes in one message, headers included. */
export function mostBytesOf({ nats }: Engine): number {
  return nats.info?.max_payload ?? Infinity;
}

/**
 * A server that refuses the certificate of a client says so when the client believes to be connected; the client tries again, and tells that
 * nobody answers. One that may not try again is told, or finds the connection closed.
 */
async function reasonOf(error: unknown, options: ConnectionOptions): Promise<unknown> {
  if (!isTimeout(error)) return error;
  const { connect } = await import('@nats-io/transport-node');
  try {
    await (await connect({ ...options, reconnect: false })).close();
    return error;
  } catch (reason) {
    return isTimeout(reason) ? error : new Error('BAD_CERTIFICATE', { cause: reason });
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}

function demandVersion(nats: NatsConnection, place: string): void {
  const { version = '', headers } = nats.info ?? {};
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNewer = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  if (headers === true && isNewer) return;
  throw new CodedError(
    'engine-unusable',
    `the engine at ${place} is nats-server ${version || 'of an unknown version'}, which is too old: it takes ${OLDEST.join('.')} or later`,
  );
}
