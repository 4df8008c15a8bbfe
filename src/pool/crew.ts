import type { Executor } from '../backends/pool/contract.ts';
import { Crew } from '../backends/pool/crew.ts';
import type { WorkPoolOptions } from '../backends/pool/work-pool.ts';
import type { Call, FunctionSpec, Reply } from './contract.ts';
import { InlineExecutor } from './inline.ts';
import { CallMember } from './member.ts';
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
}

/** Starts workers of this machine. What a kind of worker needs is loaded by those alone who use it. */
export async function startCrew(setup: CrewSetup): Promise<PoolCrew> {
  const { backend, workers, initializer, maxTasksPerWorker: mostItems = Infinity, contextOf } = setup;
  let started = 0;
  const next = (): WorkerContext => contextOf(started++);
  if (backend === 'inline') {
    const inline = new InlineExecutor();
    await inline.start(initializer, next());
    return shared(inline, workers);
  }
  const { openProcess, openThread } = await import('./channels.ts');
  if (backend === 'threads') {
    const crew = new Crew<Call, Reply>(
      (listener) => new CallMember(openThread, initializer, next(), listener),
      { mostItems },
    );
    await crew.start(workers);
    return shared(crew, workers);
  }
  const { Custody } = await import('../processes/custody.ts');
  // However this program dies, its workers go with it, and what they have started.
  const custody = await Custody.start({ containment: 'none' });
  const crew = new Crew<Call, Reply>(
    (listener) => new CallMember((channel) => openProcess(custody, channel), initializer, next(), listener),
    { mostItems },
  );
  try {
    await crew.start(workers);
  } catch (error) {
    await custody[Symbol.asyncDispose]();
    throw error;
  }
  return shared(crew, workers, async () => {
    await custody[Symbol.asyncDispose]();
  });
}

function shared(
  executor: Executor<Call, Reply>,
  workers: number,
  afterwards = async (): Promise<void> => {},
): PoolCrew {
  const ofOneMap: Executor<Call, Reply> = {
    run: (calls, onReply, signal) => executor.run(calls, onReply, signal),
    busySince: (calls) => executor.busySince(calls),
    [Symbol.asyncDispose]: async () => {},
  };
  return {
    workers,
    endsLongCalls: false,
    open: () => ofOneMap,
    [Symbol.asyncDispose]: async () => {
      await executor[Symbol.asyncDispose]();
      await afterwards();
    },
  };
}
