import type { Executor } from '../backends/pool/contract.ts';
import { systemClock } from '../core/clock.ts';
import { CodedError } from '../core/errors.ts';
import type { Call, PoolFunction, Reply } from './contract.ts';
import { startCrew } from './crew.ts';
import { specOf } from './functions.ts';
import { Handles } from './handles.ts';
import type { Tuples } from './inputs.ts';
import { MapRun, type MapSetup } from './map-run.ts';
import type { MapOptions, PoolOptions } from './options.ts';
import { Outlet } from './outlet.ts';
import { refuseSharedMemory } from './passed-values.ts';
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
  readonly #workers: number;
  readonly #seedOf: (worker: number) => number;
  readonly #handles = new Handles();
  readonly #runs = new Set<MapRun>();
  readonly #statistics = new Statistics(systemClock);
  #crew: Promise<Executor<Call, Reply>> | undefined;
  #closed: Promise<void> | undefined;

  /** @param seedOf the seed of a worker, by its number */
  constructor(options: PoolOptions, workers: number, seedOf: (worker: number) => number) {
    this.#options = options;
    this.#workers = workers;
    this.#seedOf = seedOf;
  }

  get statistics(): PoolStatistics {
    return this.#statistics.get(this.#workers);
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
    const { backend, maxTasksPerWorker = Infinity } = this.#options;
    const retries = options.retries ?? this.#options.retries ?? 0;
    if (transfer && retries > 0)
      throw new CodedError(
        'usage',
        'transfer: arguments that were handed over are gone with the worker that had them, and cannot be sent again; retries has to be 0',
      );
    signal?.throwIfAborted();
    const spec = await specOf(f, options.with);
    if (backend === 'processes') refuseSharedMemory(spec);
    const handle = this.#handles.of(spec);
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
      workers: this.#workers,
      retries,
      timeoutMs: timeoutMs ?? this.#options.timeoutMs ?? Infinity,
      chunkSize,
      largestChunk: maxTasksPerWorker,
      lookAhead,
      handling: { canShare: backend !== 'processes', isMoved: transfer },
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
    for (const run of this.#runs) run.end({ error: new CodedError('call-lost', 'the pool was closed') });
    try {
      await (await this.#crew)?.[Symbol.asyncDispose]();
    } catch {
      // They never started, of which those were told who wanted them to.
    }
  }

  async #start(): Promise<Executor<Call, Reply>> {
    const { backend = 'threads', initializer, maxTasksPerWorker } = this.#options;
    return await startCrew({
      backend,
      workers: this.#workers,
      initializer: initializer && (await specOf(initializer)),
      maxTasksPerWorker,
      seedOf: this.#seedOf,
    });
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
