import type { ClusterConnection } from '../backends/cluster/contract.ts';
import { CodedError, describe } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { PoolFunction } from './contract.ts';
import { checkFunction } from './functions.ts';
import type { WorkerContext } from './messages.ts';

export type PoolBackend = 'inline' | 'threads' | 'processes' | 'cluster';

/** Over what a pool and its workers on other machines speak: a nats-server with JetStream. */
export interface PoolEngine {
  /** Where it is. @default what GLOMPO_ENGINE_URL and the variables beside it say; without them a server of the pool's own */
  readonly connection?: ClusterConnection;
  /** Where a server of the pool's own listens: a name or address of this machine that the others know. @default its name, where others were launched on other machines; the loopback where not */
  readonly host?: string;
}

export interface PoolOptions {
  /**
   * Where functions are called: in this thread, in threads of this process, in processes of their own, which a crash of native code does
   * not take along, or in processes of all machines on which this program was launched: see `Pool.main`.
   * @default threads
   */
  readonly backend?: PoolBackend;
  /**
   * How many calls run side by side; on a cluster, for each process that was launched.
   * @default one a core that this process may use; of `inline`, and of processes that were launched together, 1
   */
  readonly workers?: number;
  /** Whether the two threads of one core count as two, where `workers` is not given. @default false */
  readonly logical?: boolean;
  /** How often a call is tried again when its worker dies under it. @default 0 */
  readonly retries?: number;
  /** How long one call may take; its worker is ended then. @default as long as it likes */
  readonly timeoutMs?: number;
  /** Called in each worker before all else, with the number and the seed of the worker. */
  readonly initializer?: PoolFunction<[], unknown> | PoolFunction<[WorkerContext], unknown>;
  /** After how many calls a worker is replaced by a new one: for functions that leave more behind with each. @default never */
  readonly maxTasksPerWorker?: number;
  /** Of which the seeds of all calls are made. @default drawn, see `Pool.seed` */
  readonly seed?: number;
  /** What a cluster speaks over. */
  readonly engine?: PoolEngine;
  /** The directory in which the processes of a launch find each other, on a disk that all of them see. @default the current one */
  readonly rendezvous?: string;
}

export interface MapOptions {
  /** What the function uses from around it, by name; functions among these are sent as text, too. */
  readonly with?: Readonly<Record<string, unknown>>;
  /** How many calls go to a worker at once. @default by how long they take: one, or so many as take some milliseconds */
  readonly chunkSize?: number;
  /** How many inputs are taken before the results of those before are. @default a small multiple of workers and calls a chunk */
  readonly lookAhead?: number;
  /** Whether the first failure ends the map, or each call tells what came of it, as `Promise.allSettled` does. @default throw */
  readonly error?: 'throw' | 'collect';
  /** Whether the function gets a `CallContext` after its arguments. @default false */
  readonly seeded?: boolean;
  /** Ends the map, and the workers that are at it. */
  readonly signal?: AbortSignal;
  /**
   * Whether the memory of typed arrays is handed over rather than copied: arguments are empty here afterwards, and what is returned is empty
   * there. Of arrays that are the whole of their memory; to processes all are copied. Arguments that were handed over cannot be sent a second
   * time: `retries` has to be 0.
   * @default false
   */
  readonly transfer?: boolean;
  /** Told from time to time how far it is, and at the end. What it throws ends the map. */
  readonly onProgress?: (progress: Progress) => void;
  /** @default that of the pool */
  readonly retries?: number;
  /** @default that of the pool */
  readonly timeoutMs?: number;
}

/** How far a map is. */
export interface Progress {
  /** Calls of which it is known what came of them. */
  readonly done: number;
  /** Those of them that failed. */
  readonly failed: number;
  /** Inputs that were taken. */
  readonly taken: number;
  /** How many there will be, where the sequences tell it. */
  readonly total: number | undefined;
}

const POOL_KEYS = [
  'backend',
  'workers',
  'logical',
  'retries',
  'timeoutMs',
  'initializer',
  'maxTasksPerWorker',
  'seed',
  'engine',
  'rendezvous',
] as const;
const ENGINE_KEYS = ['connection', 'host'] as const;
const MAP_KEYS = [
  'with',
  'chunkSize',
  'lookAhead',
  'error',
  'seeded',
  'signal',
  'transfer',
  'onProgress',
  'retries',
  'timeoutMs',
] as const;
const BACKENDS: readonly unknown[] = [
  'inline',
  'threads',
  'processes',
  'cluster',
] satisfies readonly PoolBackend[];

/** @throws {CodedError} `usage` */
export function checkPoolOptions(options: PoolOptions): void {
  checkKeys('Pool', options, POOL_KEYS);
  const { backend = 'threads', workers, retries, timeoutMs, seed, maxTasksPerWorker, engine = {} } = options;
  const { initializer } = options;
  if (!BACKENDS.includes(backend)) throw fault('backend', 'inline, threads, processes or cluster', backend);
  checkKeys('engine of a Pool', engine, ENGINE_KEYS);
  checkInteger('workers', workers, 1);
  checkInteger('retries', retries, 0);
  checkInteger('seed', seed, 0);
  checkInteger('maxTasksPerWorker', maxTasksPerWorker, 1);
  checkTimeout(timeoutMs);
  if (initializer !== undefined) checkFunction(initializer, 'initializer: ');
}

/** @throws {CodedError} `usage` */
export function checkMapOptions(options: MapOptions): void {
  checkKeys('options of a map', options, MAP_KEYS);
  const { chunkSize, lookAhead, retries, timeoutMs, error = 'throw', signal, onProgress } = options;
  const { with: values = {} } = options;
  checkInteger('chunkSize', chunkSize, 1);
  checkInteger('lookAhead', lookAhead, 1);
  checkInteger('retries', retries, 0);
  checkTimeout(timeoutMs);
  if (!['throw', 'collect'].includes(error)) throw fault('error', 'throw or collect', error);
  checkSignal(signal);
  if (onProgress !== undefined && typeof onProgress !== 'function')
    throw fault('onProgress', 'a function', onProgress);
  if (!isObject(values)) throw fault('with', 'an object { name: value }', values);
}

function checkSignal(signal: unknown): void {
  if (signal === undefined || signal instanceof AbortSignal) return;
  throw signal instanceof AbortController
    ? new CodedError(
        'usage',
        'signal: expected an AbortSignal, got an AbortController; did you mean controller.signal?',
      )
    : fault('signal', 'an AbortSignal', signal);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function checkKeys(what: string, options: object, keys: readonly string[]): void {
  if (!isObject(options)) throw fault(what, 'an object', options);
  for (const key of Object.keys(options)) {
    if (keys.includes(key)) continue;
    const near = nearest(key, keys);
    throw new CodedError(
      'usage',
      `${what}: unknown option ${key}; ${near ? `did you mean ${near}?` : `there are ${keys.join(', ')}`}`,
    );
  }
}

function checkInteger(name: string, value: number | undefined, least: number): void {
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= least))
    throw fault(name, `an integer of at least ${least}`, value);
}

function checkTimeout(timeoutMs: number | undefined): void {
  if (timeoutMs !== undefined && !(timeoutMs > 0))
    throw fault('timeoutMs', 'milliseconds above 0', timeoutMs);
}

function fault(name: string, expected: string, given: unknown): CodedError {
  return new CodedError('usage', `${name}: expected ${expected}, got ${describe(given)}`);
}
