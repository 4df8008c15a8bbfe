import { refuseBundled } from '../core/bundled.ts';
import { CodedError } from '../core/errors.ts';
import { launchOf } from '../core/launch.ts';
import { freshSeed } from '../core/random.ts';
import type { PoolFunction } from './contract.ts';
import { usableCores } from './cores.ts';
import { checkFunction } from './functions.ts';
import { leaveGate, passGate } from './gate.ts';
import { type Inputs, splitOptions, type Tuples, unzipped, zip } from './inputs.ts';
import { Maps, type Order } from './maps.ts';
import { checkMapOptions, checkPoolOptions, type MapOptions, type PoolOptions } from './options.ts';
import { callSeed } from './seeds.ts';
import type { PoolStatistics } from './statistics.ts';
import type { Elements, CallParameters, Result, Sequences } from './types.ts';

/**
 * Calls functions on many inputs side by side: in threads, in processes, in this thread, or on other machines.
 *
 * After the sequences of `map`, `imap` and `imapUnordered` there may be options: a plain object, which cannot be iterated as sequences can.
 *
 * @example
 * await using pool = new Pool();
 * await pool.map((x) => x ** 2, [1, 2, 3]); // [1, 4, 9]
 */
export class Pool implements AsyncDisposable {
  /** Of which the seeds of all calls are made: the same seed, the same seeds. */
  readonly seed: number;
  readonly #options: PoolOptions;
  readonly #maps: Maps;
  #gate: Promise<boolean> | undefined;
  #seededMaps = 0;

  /** @throws {CodedError} `usage` */
  constructor(options: PoolOptions = {}) {
    checkPoolOptions(options);
    const { backend = 'threads', workers, logical = false, seed = freshSeed() } = options;
    if (backend !== 'inline') refuseBundled();
    this.seed = seed;
    this.#options = options;
    this.#maps = new Maps(options, workers ?? (backend === 'inline' ? 1 : usableCores({ logical })), seed);
  }

  /** How many calls run side by side. On a cluster, as many as there are workers for now: they come and go. */
  get workers(): number {
    return this.#maps.workers;
  }

  /** What a function gives for all inputs, in their order. With several sequences it gets one of each, until the shortest is over. */
  map<S extends Sequences, R>(f: PoolFunction<Elements<S>, R>, ...sequences: S): Promise<Awaited<R>[]>;
  map<S extends Sequences, R, const O extends MapOptions>(
    f: PoolFunction<CallParameters<Elements<S>, O>, R>,
    ...rest: [...S, O]
  ): Promise<Result<R, O>[]>;
  async map(f: PoolFunction<never, unknown>, ...rest: readonly unknown[]): Promise<unknown[]> {
    return await this.#maps.all(this.#zipped(f, rest));
  }

  /** The same, where all arguments of a call come together: `starmap(f, [[1, 2], [3, 4]])` calls `f(1, 2)` and `f(3, 4)`. */
  starmap<
    A extends readonly [unknown, ...unknown[]] | readonly unknown[],
    R,
    const O extends MapOptions = {},
  >(f: PoolFunction<CallParameters<A, O>, R>, tuples: Inputs<A>, options?: O): Promise<Result<R, O>[]>;
  async starmap(
    f: PoolFunction<never, unknown>,
    tuples: Inputs<readonly unknown[]>,
    options: MapOptions = {},
  ): Promise<unknown[]> {
    return await this.#maps.all(this.#order(f, unzipped(tuples), options));
  }

  /** What a function gives for each input, in the order of inputs, which are taken no further ahead than `lookAhead` says. */
  imap<S extends Sequences, R>(
    f: PoolFunction<Elements<S>, R>,
    ...sequences: S
  ): AsyncGenerator<Awaited<R>, void, undefined>;
  imap<S extends Sequences, R, const O extends MapOptions>(
    f: PoolFunction<CallParameters<Elements<S>, O>, R>,
    ...rest: [...S, O]
  ): AsyncGenerator<Result<R, O>, void, undefined>;
  imap(
    f: PoolFunction<never, unknown>,
    ...rest: readonly unknown[]
  ): AsyncGenerator<unknown, void, undefined> {
    return this.#maps.each(this.#zipped(f, rest), true, (_, value) => value);
  }

  /** The same as it comes: each with the index of its input. */
  imapUnordered<S extends Sequences, R>(
    f: PoolFunction<Elements<S>, R>,
    ...sequences: S
  ): AsyncGenerator<[index: number, value: Awaited<R>], void, undefined>;
  imapUnordered<S extends Sequences, R, const O extends MapOptions>(
    f: PoolFunction<CallParameters<Elements<S>, O>, R>,
    ...rest: [...S, O]
  ): AsyncGenerator<[index: number, value: Result<R, O>], void, undefined>;
  imapUnordered(
    f: PoolFunction<never, unknown>,
    ...rest: readonly unknown[]
  ): AsyncGenerator<unknown, void, undefined> {
    return this.#maps.each(this.#zipped(f, rest), false, (index, value) => [index, value]);
  }

  /** One call. All that follows the function is its arguments: values from around it are given by `fromFunction`. */
  run<A extends readonly unknown[], R>(f: PoolFunction<A, R>, ...args: A): Promise<Awaited<R>>;
  async run(f: PoolFunction<never, unknown>, ...args: readonly unknown[]): Promise<unknown> {
    const [value] = await this.#maps.all(this.#order(f, unzipped([args]), {}));
    return value;
  }

  /**
   * Of a program that is started many times, once on each of many machines or cores, whether this is the process that goes on: that of rank 0. With the
   * backend `cluster` the others do its calls, and have the answer when its pool is closed; with all others at once. Before the first map.
   *
   * @throws {CodedError} `usage` when the processes cannot find each other, `engine-unusable`
   */
  async main(): Promise<boolean> {
    const gate = (this.#gate ??= passGate(this, this.#options, (meeting) => this.#maps.meet(meeting)));
    try {
      return await gate;
    } catch (error) {
      // Another pool that was in its way may be closed the next time. Whom others look for already they find but once.
      if (error instanceof CodedError && error.code === 'usage') this.#gate = undefined;
      throw error;
    }
  }

  /** Which of the processes of its launch this one is, from 0. */
  rank(): number {
    return launchOf().rank;
  }

  /** How many processes were launched: 1, when this one was started by itself. */
  size(): number {
    return launchOf().size;
  }

  /** What it has done so far: how busy its workers were, how long calls waited, how many went together. */
  statistics(): PoolStatistics {
    return this.#maps.statistics;
  }

  /** Ends all workers; maps that go on fail. Resolves when none of them is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#maps.close();
    leaveGate(this);
  }

  #zipped(f: PoolFunction<never, unknown>, rest: readonly unknown[]): Order {
    const { sequences, options } = splitOptions(rest);
    return this.#order(f, zip(sequences), options);
  }

  #order(f: PoolFunction<never, unknown>, tuples: Tuples, options: MapOptions): Order {
    checkFunction(f);
    checkMapOptions(options);
    const number = options.seeded === true ? this.#seededMaps++ : undefined;
    return {
      f,
      tuples,
      options,
      callerStack: stackOfCaller(),
      // Counted where it is asked for: which map it is does not depend on who is done first.
      seedOf: (index) => (number === undefined ? undefined : callSeed(this.seed, number, index)),
    };
  }
}

/** The lines of the stack from who called the pool on. */
function stackOfCaller(): string {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, stackOfCaller);
  const lines = (holder.stack ?? '').split('\n').slice(1);
  const first = lines.findIndex((line) => !/^\s+at (?:Pool\.|#)/.test(line));
  return lines.slice(first).join('\n');
}
