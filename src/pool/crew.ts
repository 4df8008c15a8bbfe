import type { Executor } from '../backends/pool/contract.ts';
import { Crew } from '../backends/pool/crew.ts';
import type { WorkPoolOptions } from '../backends/pool/work-pool.ts';
import { CodedError } from '../core/errors.ts';
import { orAborted } from './aborted.ts';
import type { Call, FunctionSpec, Reply } from './contract.ts';
import { InlineExecutor } from './inline.ts';
import { CallMember, type Channel, type ChannelListener } from './member.ts';
import type { WorkerContext } from './messages.ts';
import type { PoolBackend } from './options.ts';

/** The workers of a pool, which all its maps have in common. */
export interface PoolCrew extends AsyncDisposable {
  /** How many there are. Those that are elsewhere come and go. */
  readonly workers: number;
  /** Which calls go to a worker together, and for how long. @default as suits threads and processes of this machine */
  readonly chunks?: WorkPoolOptions<Call, Reply>['chunks'];
  /** Whether calls that take too long are ended where the workers are: a map need not do it. */
  readonly endsLongCalls: boolean;
  /**
   * What one map gives its calls to; the workers go on when it is disposed.
   *
   * @param timeoutMs how long one call may take, where `endsLongCalls`
   */
  open(timeoutMs: number): Executor<Call, Reply>;
}

export interface CrewSetup {
  /** Of this machine. */
  readonly backend: Exclude<PoolBackend, 'cluster'>;
  readonly workers: number;
  readonly initializer: FunctionSpec | undefined;
  /** After how many calls a worker is replaced. */
  readonly maxTasksPerWorker: number | undefined;
  /** What a worker is told of itself, by how many were started before it. */
  readonly contextOf: (started: number) => WorkerContext;
  /** Aborted, with an error, when the pool is closed: an initializer may never be done. */
  readonly signal: AbortSignal;
}

/**
 * Starts workers of this machine. What a kind of worker needs is loaded by those alone who use it.
 *
 * @throws {CodedError} `function-unusable` when none starts, or what the signal was aborted with; no worker is left then
 */
export async function startCrew(setup: CrewSetup): Promise<PoolCrew> {
  const { backend, workers, initializer, maxTasksPerWorker: mostItems = Infinity, contextOf, signal } = setup;
  let started = 0;
  const next = (): WorkerContext => contextOf(started++);
  if (backend === 'inline') {
    const inline = new InlineExecutor();
    await orAborted(inline.start(initializer, next()), signal);
    return shared(inline, workers);
  }
  await using starting = new AsyncDisposableStack();
  const open = await channels(backend, starting);
  const crew = starting.use(
    new Crew<Call, Reply>((listener) => new CallMember(open, initializer, next(), listener), {
      mostItems,
      whenNoneStarts: (message) => new CodedError('function-unusable', message),
    }),
  );
  await orAborted(crew.start(workers), signal);
  const resources = starting.move();
  return shared(crew, workers, {
    // What kept workers from starting in an earlier map may be over.
    begin: () => {
      crew.resize(workers);
    },
    end: () => resources.disposeAsync(),
  });
}

/** How workers are started. */
async function channels(
  backend: 'threads' | 'processes',
  resources: AsyncDisposableStack,
): Promise<(listener: ChannelListener) => Channel> {
  const { openProcess, openThread } = await import('./channels.ts');
  if (backend === 'threads') return openThread;
  const { Custody } = await import('../processes/custody.ts');
  // However this program dies, its workers go with it, and what they have started.
  const custody = resources.use(await Custody.start({ containment: 'none' }));
  return (listener) => openProcess(custody, listener);
}

function shared(
  executor: Executor<Call, Reply>,
  workers: number,
  { begin = (): void => {}, end = () => executor[Symbol.asyncDispose]() } = {},
): PoolCrew {
  const ofOneMap: Executor<Call, Reply> = {
    run: (calls, onReply, signal) => executor.run(calls, onReply, signal),
    busySince: (calls) => executor.busySince(calls),
    [Symbol.asyncDispose]: async () => {},
  };
  return {
    workers,
    endsLongCalls: false,
    open: () => {
      begin();
      return ofOneMap;
    },
    [Symbol.asyncDispose]: end,
  };
}
