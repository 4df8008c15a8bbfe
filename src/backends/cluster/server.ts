import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CodedError } from '../../core/errors.ts';
import { withoutLaunch } from '../../core/launch.ts';
import type { Custody } from '../../processes/custody.ts';
import { type ProgramEnd, spawnProgram } from '../../processes/spawn-program.ts';
import type { ClusterConnection } from './contract.ts';
import { findServer } from './find-server.ts';
import { folderFor, portIn, removeLeftovers } from './leftovers.ts';

const LOOPBACK = '127.0.0.1';
/** For a chunk of large evaluations, residuals included. */
const MOST_BYTES = 8 * 1024 * 1024;
const READY_MS = 10_000;
const LOOK_MS = 5;
const STOP_MS = 2000;
/** Before one that ended by itself is started again. */
const AGAIN_MS = 500;
/** One that ran for so long had started. */
const STEADY_MS = 5000;

export interface ServerOptions {
  /** Keeps track of it: it ends with this process, whatever happens. */
  readonly custody: Custody;
  /** Where its files are; made, if it is not there. */
  readonly dir: string;
  /** An address of this machine that workers on others can reach; `0.0.0.0` for all of them. @default the loopback alone */
  readonly host?: string | undefined;
  /** Told how it ended when nobody had stopped it, in words. It is started again; of one that does not start this is told once. */
  readonly onEnd?: ((how: string) => void) | undefined;
}

/** A nats-server of the run's own: one that is killed is started again, where it was. Disposing stops it, and removes its files. */
export interface EngineServer extends AsyncDisposable {
  readonly connection: ClusterConnection;
  /** Of the process that was started, which may hold the server in a namespace. */
  readonly pid: number | undefined;
}

/**
 * Starts a nats-server that keeps all in memory, on a port that is free, with a token that nobody else knows.
 *
 * @throws {CodedError} `engine-unusable` when there is none, or it does not start
 */
export async function startServer({
  custody,
  dir,
  host = LOOPBACK,
  onEnd,
}: ServerOptions): Promise<EngineServer> {
  const program = findServer();
  const token = randomBytes(24).toString('base64url');
  await removeLeftovers(dir);
  const files = folderFor(dir);
  const config = path.join(files, 'server.conf');
  // Anybody on the machine sees arguments: the token is in a file.
  await writeFile(config, configOf(files, host, token, -1), { mode: 0o600, flag: 'wx' });
  let printed = '';
  const end = Promise.withResolvers<ProgramEnd>();
  let isKept = false;
  let told = '';
  const tell = (how: string, livedMs: number): void => {
    if (how === told && livedMs < STEADY_MS) return;
    told = how;
    onEnd?.(how);
  };
  const launch = (): ReturnType<typeof spawnProgram> => {
    const since = performance.now();
    printed = '';
    return spawnProgram(
      { argv: [program, '-c', config], cwd: files, env: withoutLaunch() },
      {
        output: (_stream, chunk) => {
          printed = (printed + Buffer.from(chunk).toString('utf8')).slice(-4000);
        },
        exit: (how) => {
          end.resolve(how);
          if (isKept) tell(`${how.cause}${saying(printed)}`, performance.now() - since);
          setTimeout(() => {
            if (isKept) server = launch();
          }, AGAIN_MS).unref();
        },
      },
      { custody, stdin: 'ignore' },
    );
  };
  let server = launch();
  const stop = async (): Promise<void> => {
    isKept = false;
    server.stop(STOP_MS);
    await server.exited;
    rmSync(files, { recursive: true, force: true });
  };
  try {
    const port = await Promise.race([
      portOf(files),
      end.promise.then(({ cause }) => {
        throw new CodedError('engine-unusable', `${program} did not start: ${cause}${saying(printed)}`);
      }),
    ]);
    // All know it by its port, and it has this one again.
    await writeFile(config, configOf(files, host, token, port));
    isKept = true;
    const servers = addressesOf(host).map((address) => `nats://${address}:${port}`);
    return {
      connection: { servers, token },
      get pid() {
        return server.pid;
      },
      [Symbol.asyncDispose]: once(stop),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function configOf(files: string, host: string, token: string, port: number): string {
  return `${[
    `listen: ${JSON.stringify(`${host.includes(':') ? `[${host}]` : host}:${port}`)}`,
    `ports_file_dir: ${JSON.stringify(files)}`,
    `max_payload: ${MOST_BYTES}`,
    `authorization { token: ${JSON.stringify(token)} }`,
    // It wants a place for files even if nothing is kept in any.
    `jetstream { store_dir: ${JSON.stringify(path.join(files, 'store'))} }`,
  ].join('\n')}\n`;
}

async function portOf(files: string): Promise<number> {
  const until = performance.now() + READY_MS;
  while (performance.now() < until) {
    const port = portIn(files);
    if (port !== undefined) return port;
    await delay(LOOK_MS);
  }
  throw new CodedError(
    'engine-unusable',
    `the nats-server did not say within ${READY_MS / 1000} s on which port it listens: see that the machine is not overloaded, or give the address of an engine with --engine`,
  );
}

/** By which others may find it: the one that was asked for, or all that the machine has. */
function addressesOf(host: string): readonly string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host.includes(':') ? `[${host}]` : host];
  const found = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const own = found.filter(({ internal, family }) => !internal && family === 'IPv4');
  return [hostname(), ...own.map(({ address }) => address)];
}

/** The last of its lines that tells of something wrong, without its time, which is never the same. */
function saying(printed: string): string {
  const line = printed
    .trim()
    .split('\n')
    .findLast((one) => !/ \[(?:INF|WRN|DBG|TRC)\] /.test(one));
  return line ? `; it said: ${line.replace(/^\[\d+\] \S+ \S+ (?=\[)/, '')}` : '';
}

function once(call: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= call());
}
