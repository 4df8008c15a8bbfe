import { systemClock } from '../core/clock.ts';
import { CodedError } from '../core/errors.ts';
import { orAborted } from './aborted.ts';
import type { FunctionSpec, PoolFunction } from './contract.ts';
import { type PoolCrew, startCrew } from './crew.ts';
import { specOf } from './functions.ts';
import { Handles } from './handles.ts';
import type { Tuples } from './inputs.ts';
import { MapRun, type MapSetup } from './map-run.ts';
import type { Meeting } from './meeting.ts';
import type { MapOptions, PoolOptions } from './options.ts';
import { Outlet } from './outlet.ts';
import { refuseSharedMemory } from './passed-values.ts';
import { workerSeed } from './seeds.ts';
import { type PoolStatistics, Statistics } from './statistics.ts';

type Sinks = Pick<MapSetup, 'onOutcome' | 'onEnd'>;

/** A map that was asked for. */
export interface Order {
  readonly f: PoolFunction<never, unknown>;
  readonly tuples: Tuples;
  readonly options: MapOptions;
  readonly callerStack: string;
  readonly seedOf: MapSetup['seedOf'];
}

/** The maps of a pool, and the workers that they have in common, which are started with the first. */
export class Maps {
  readonly #options: PoolOptions;
  /** How many workers there are when they are started, or are told of before. */
  readonly #planned: number;
  readonly #seed: number;
  readonly #handles = new Handles();
  readonly #runs = new Set<MapRun>();
  readonly #statistics: Statistics;
  #starting: Promise<PoolCrew> | undefined;
  #crew: PoolCrew | undefined;
  #closed: Promise<void> | undefined;
  readonly #closing = new AbortController();

  /** @param seed the pool's */
  constructor(options: PoolOptions, workers: number, seed: number) {
    this.#options = options;
    this.#planned = workers;
    this.#seed = seed;
    this.#statistics = new Statistics(systemClock, workers);
  }

  get workers(): number {
    return this.#crew?.workers ?? this.#planned;
  }

  get statistics(): PoolStatistics {
    return this.#statistics.get();
  }

  /**
   * Lets workers come who were launched together with this process, before any map.
   *
   * @throws {CodedError} `usage` when it is too late, `engine-unusable`
   */
  async meet(meeting: Meeting): Promise<void> {
    if (this.#starting)
      throw new CodedError(
        'usage',
        'pool.main() has to come before the first map: the pool began with workers of its own',
      );
    await this.#started(meeting);
  }

  /** What all calls give, in the order of inputs. */
  async all(order: Order): Promise<unknown[]> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const values: unknown[] = [];
    const doesCollect = order.options.error === 'collect';
    const run = await this.#begin(order, {
      onOutcome: ({ index, result }) => {
        if (!doesCollect && result.status === 'rejected') {
          run.end({ error: result.reason });
          return;
        }
        // No gaps, which would make it slow to read.
        while (values.length < index) values.push(undefined);
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

  /** What calls give as it is known. */
  async *each(
    order: Order,
    isOrdered: boolean,
    present: (index: number, value: unknown) => unknown,
  ): AsyncGenerator<unknown, void, undefined> {
    const outlet = new Outlet(isOrdered);
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
      for (let ready = await outlet.take(); ready.length > 0; ready = await outlet.take()) {
        for (const { index, result } of ready) {
          outlet.throwIfFailed();
          run.release();
          if (order.options.error === 'collect') yield present(index, result);
          else if (result.status === 'rejected') throw result.reason;
          else yield present(index, result.value);
        }
      }
    } finally {
      run.end();
    }
  }

  /** Ends all workers; maps that go on fail. Resolves when none of them is left. */
  async close(): Promise<void> {
    this.#closed ??= this.#end();
    await this.#closed;
  }

  /** Makes a map ready to be started, and the workers, if they are not yet. */
  async #begin(order: Order, sinks: Sinks): Promise<MapRun> {
    using stack = new DisposableStack();
    stack.use(awake());
    stack.defer(() => {
      order.tuples.close();
    });
    const { f, tuples, options, callerStack, seedOf } = order;
    const { signal, chunkSize, lookAhead, timeoutMs, transfer = false, onProgress } = options;
    const { maxTasksPerWorker = Infinity } = this.#options;
    const retries = options.retries ?? this.#options.retries ?? 0;
    if (transfer && retries > 0)
      throw new CodedError(
        'usage',
        'transfer: arguments that were handed over are gone with the worker that had them, and cannot be sent again; retries has to be 0',
      );
    signal?.throwIfAborted();
    const handle = this.#handles.of(await this.#specOf(f, options.with));
    if (this.#closed) throw new CodedError('usage', 'the pool is closed');
    const { signal: closing } = this.#closing;
    const crew = await orAborted(this.#started(), signal ? AbortSignal.any([signal, closing]) : closing);
    signal?.throwIfAborted();
    closing.throwIfAborted();
    // From here on it is the run that ends.
    const held = stack.move();
    const end = (): void => {
      run.end({ error: signal?.reason });
    };
    const run = new MapRun({
      crew,
      retries,
      timeoutMs: timeoutMs ?? this.#options.timeoutMs ?? Infinity,
      chunkSize,
      largestChunk: maxTasksPerWorker,
      lookAhead,
      handling: { canShare: this.#canShare, isMoved: transfer },
      statistics: this.#statistics,
      onProgress,
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

  async #end(): Promise<void> {
    using _ = awake();
    const error = new CodedError('call-lost', 'the pool was closed');
    this.#closing.abort(error);
    for (const run of this.#runs) run.end({ error });
    try {
      await (await this.#starting)?.[Symbol.asyncDispose]();
    } catch {
      // They never started, of which those were told who wanted them to.
    }
  }

  async #started(meeting?: Meeting): Promise<PoolCrew> {
    const starting = (this.#starting ??= this.#start(meeting));
    try {
      return await starting;
    } catch (error) {
      // The next map may have more luck.
      if (this.#starting === starting && !this.#closed) this.#starting = undefined;
      throw error;
    }
  }

  async #start(meeting: Meeting | undefined): Promise<PoolCrew> {
    this.#crew = await this.#crewFor(meeting);
    this.#resize();
    return this.#crew;
  }

  async #crewFor(meeting: Meeting | undefined): Promise<PoolCrew> {
    const { backend = 'threads', initializer, maxTasksPerWorker, engine = {} } = this.#options;
    const setup = {
      initializer: initializer && (await this.#specOf(initializer)),
      maxTasksPerWorker,
      signal: this.#closing.signal,
    };
    if (backend !== 'cluster')
      return await startCrew({
        ...setup,
        backend,
        workers: this.#planned,
        contextOf: (worker) => ({ worker, seed: workerSeed(this.#seed, worker) }),
      });
    const { startClusterCrew } = await import('./cluster.ts');
    return await startClusterCrew({
      ...setup,
      engine,
      meeting,
      slots: this.#planned,
      seed: this.#seed,
      onResize: () => {
        this.#resize();
      },
    });
  }

  /** Whether workers can have memory in common with the program. */
  get #canShare(): boolean {
    const { backend = 'threads' } = this.#options;
    return backend === 'threads' || backend === 'inline';
  }

  async #specOf(
    f: PoolFunction<never, unknown>,
    values?: Readonly<Record<string, unknown>>,
  ): Promise<FunctionSpec> {
    const spec = await specOf(f, values);
    if (!this.#canShare) refuseSharedMemory(spec);
    return spec;
  }

  /** There are more workers now, or fewer. */
  #resize(): void {
    this.#statistics.resize(this.workers);
    for (const run of this.#runs) run.resize();
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
