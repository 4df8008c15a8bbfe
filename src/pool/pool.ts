import type { Executor } from '../backends/pool/contract.ts';
import { CodedError } from '../core/errors.ts';
import { launchOf } from '../core/launch.ts';
import { freshSeed, wordsAt } from '../core/random.ts';
import type { Call, PoolFunction, Reply } from './contract.ts';
import { usableCores } from './cores.ts';
import { startCrew } from './crew.ts';
import { specOf } from './functions.ts';
import { passGate } from './gate.ts';
import { Handles } from './handles.ts';
import { type Inputs, splitOptions, type Tuples, unzipped, zip } from './inputs.ts';
import { MapRun, type MapSetup, type Outcome } from './map-run.ts';
import { checkMapOptions, checkPoolOptions, type MapOptions, type PoolOptions } from './options.ts';
import { inOrder, Outlet } from './outlet.ts';
import type { Elements, CallParameters, Result, Sequences } from './types.ts';

type Sinks = Pick<MapSetup, 'onOutcome' | 'onEnd'>;

/** A map that was asked for. */
interface Order {
  readonly f: PoolFunction<never, unknown>;
  readonly tuples: Tuples;
  readonly options: MapOptions;
  readonly callerStack: string;
  readonly seedOf: MapSetup['seedOf'];
}

/**
 * Calls functions on many inputs side by side: in threads, in processes, or in this thread.
 *
 * After the sequences of `map`, `imap` and `imapUnordered` there may be options: a plain object, which cannot be iterated as sequences can.
 *
 * @example
 * await using pool = new Pool();
 * await pool.map((x) => x ** 2, [1, 2, 3]); // [1, 4, 9]
 */
export class Pool implements AsyncDisposable {
  /** How many calls run side by side. */
  readonly workers: number;
  /** Of which the seeds of all calls are made: the same seed, the same seeds. */
  readonly seed: number;
  readonly #options: PoolOptions;
  readonly #handles = new Handles();
  readonly #runs = new Set<MapRun>();
  #crew: Promise<Executor<Call, Reply>> | undefined;
  #seededMaps = 0;
  #closed: Promise<void> | undefined;

  /** @throws {CodedError} `usage` */
  constructor(options: PoolOptions = {}) {
    checkPoolOptions(options);
    const { backend = 'threads', workers, logical = false, seed = freshSeed() } = options;
    this.#options = options;
    this.workers = workers ?? (backend === 'inline' ? 1 : usableCores({ logical }));
    this.seed = seed;
  }

  /** What a function gives for all inputs, in their order. With several sequences it gets one of each, until the shortest is over. */
  map<S extends Sequences, R>(f: PoolFunction<Elements<S>, R>, ...sequences: S): Promise<Awaited<R>[]>;
  map<S extends Sequences, R, const O extends MapOptions>(
    f: PoolFunction<CallParameters<Elements<S>, O>, R>,
    ...rest: [...S, O]
  ): Promise<Result<R, O>[]>;
  async map(f: PoolFunction<never, unknown>, ...rest: readonly unknown[]): Promise<unknown[]> {
    return await this.#all(this.#zipped(f, rest));
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
    return await this.#all(this.#order(f, unzipped(tuples), options));
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
    return this.#each(this.#zipped(f, rest), inOrder, (_, value) => value);
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
    return this.#each(
      this.#zipped(f, rest),
      (outcomes) => outcomes,
      (index, value) => [index, value],
    );
  }

  /** One call. All that follows the function is its arguments: values from around it are given by `fromFunction`. */
  run<A extends readonly unknown[], R>(f: PoolFunction<A, R>, ...args: A): Promise<Awaited<R>>;
  async run(f: PoolFunction<never, unknown>, ...args: readonly unknown[]): Promise<unknown> {
    const [value] = await this.#all(this.#order(f, unzipped([args]), {}));
    return value;
  }

  /** Ends all workers; maps that go on fail. Resolves when none of them is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#close();
    await this.#closed;
  }

  async #close(): Promise<void> {
    using _ = awake();
    for (const run of this.#runs) run.end({ error: new CodedError('call-lost', 'the pool was closed') });
    try {
      await (await this.#crew)?.[Symbol.asyncDispose]();
    } catch {
      // They never started, of which those were told who wanted them to.
    }
  }

  #zipped(f: PoolFunction<never, unknown>, rest: readonly unknown[]): Order {
    const { sequences, options } = splitOptions(rest);
    return this.#order(f, zip(sequences), options);
  }

  #order(f: PoolFunction<never, unknown>, tuples: Tuples, options: MapOptions): Order {
    checkMapOptions(options);
    const number = options.seeded === true ? this.#seededMaps++ : undefined;
    return {
      f,
      tuples,
      options,
      callerStack: stackOfCaller(),
      // Counted where it is asked for: which map it is does not depend on who is done first.
      seedOf: (index) => (number === undefined ? undefined : seedAt(this.seed, index, number)),
    };
  }

  async #all(order: Order): Promise<unknown[]> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const values: unknown[] = [];
    const doesCollect = order.options.error === 'collect';
    const run = await this.#begin(order, {
      onOutcome: ({ index, result }) => {
        if (!doesCollect && result.status === 'rejected') {
          run.end({ error: result.reason });
          return;
        }
        values[index] = doesCollect || result.status === 'rejected' ? result : result.value;
        run.release();
      },
      onEnd: (failure) => {
        if (failure) reject(failure.error);
        else resolve();
      },
    });
    run.start();
    await promise;
    return values;
  }

  async *#each(
    order: Order,
    sort: (outcomes: AsyncIterable<Outcome>) => AsyncIterable<Outcome>,
    present: (index: number, value: unknown) => unknown,
  ): AsyncGenerator<unknown, void, undefined> {
    const outlet = new Outlet();
    const run = await this.#begin(order, {
      onOutcome: (outcome) => {
        outlet.put(outcome);
      },
      onEnd: (failure) => {
        outlet.close(failure);
      },
    });
    run.start();
    try {
      for await (const { index, result } of sort(outlet)) {
        run.release();
        if (order.options.error === 'collect') yield present(index, result);
        else if (result.status === 'rejected') throw result.reason;
        else yield present(index, result.value);
      }
    } finally {
      run.end();
    }
  }

  /** Makes a map ready to be started, and the workers, if they are not yet. */
  async #begin(order: Order, sinks: Sinks): Promise<MapRun> {
    using stack = new DisposableStack();
    stack.use(awake());
    stack.defer(() => {
      order.tuples.close();
    });
    const { f, tuples, options, callerStack, seedOf } = order;
    const { signal, chunkSize, lookAhead, retries, timeoutMs } = options;
    signal?.throwIfAborted();
    const handle = this.#handles.of(await specOf(f, options.with));
    if (this.#closed) throw new CodedError('usage', 'the pool is closed');
    const executor = await (this.#crew ??= this.#start());
    signal?.throwIfAborted();
    if (this.#closed) throw new CodedError('call-lost', 'the pool was closed');
    // From here on it is the run that ends.
    const held = stack.move();
    const end = (): void => {
      run.end({ error: signal?.reason });
    };
    const run = new MapRun({
      executor,
      workers: this.workers,
      retries: retries ?? this.#options.retries ?? 0,
      timeoutMs: timeoutMs ?? this.#options.timeoutMs ?? Infinity,
      chunkSize,
      lookAhead,
      f: handle,
      tuples,
      seedOf,
      callerStack,
      onOutcome: sinks.onOutcome,
      onEnd: (failure) => {
        this.#runs.delete(run);
        signal?.removeEventListener('abort', end);
        held.dispose();
        sinks.onEnd(failure);
      },
    });
    this.#runs.add(run);
    signal?.addEventListener('abort', end, { once: true });
    return run;
  }

  async #start(): Promise<Executor<Call, Reply>> {
    const { backend = 'threads', initializer } = this.#options;
    return await startCrew(backend, this.workers, initializer && (await specOf(initializer)));
  }

  /** Of a program that is started once on each of many machines, whether this is the process that goes on: that of rank 0. */
  async main(): Promise<boolean> {
    return await passGate();
  }

  /** Which of the processes of its launch this one is, from 0. */
  rank(): number {
    return launchOf().rank;
  }

  /** How many processes were launched: 1, when this one was started by itself. */
  size(): number {
    return launchOf().size;
  }
}

/** While it is in use the program goes on, whatever else it waits for: workers alone do not keep it. */
function awake(): Disposable {
  const timer = setInterval(() => {}, 1e6);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
    },
  };
}

/** The lines of the stack from who called the pool on. */
function stackOfCaller(): string {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, stackOfCaller);
  const lines = (holder.stack ?? '').split('\n').slice(1);
  const first = lines.findIndex((line) => !/^\s+at (?:Pool\.|#)/.test(line));
  return lines.slice(first).join('\n');
}

function seedAt(seed: number, index: number, map: number): number {
  const [high, low] = wordsAt(seed, 'pool/call', index, map);
  return (high & 0xffff) * 4294967296 + low;
}
