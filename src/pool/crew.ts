import type { Executor } from '../backends/pool/contract.ts';
import { Crew } from '../backends/pool/crew.ts';
import type { Call, FunctionSpec, Reply } from './contract.ts';
import { InlineExecutor } from './inline.ts';
import { CallMember } from './member.ts';
import type { WorkerContext } from './messages.ts';
import type { PoolBackend } from './options.ts';

export interface CrewSetup {
  readonly backend: PoolBackend;
  readonly workers: number;
  readonly initializer: FunctionSpec | undefined;
  /** After how many calls a worker is replaced. */
  readonly maxTasksPerWorker: number | undefined;
  /** The seed of a worker, by its number. */
  readonly seedOf: (worker: number) => number;
}

/** Starts the workers of a pool. What a kind of worker needs is loaded by those alone who use it. */
export async function startCrew(setup: CrewSetup): Promise<Executor<Call, Reply>> {
  const { backend, workers, initializer, maxTasksPerWorker: mostItems = Infinity, seedOf } = setup;
  let started = 0;
  const next = (): WorkerContext => {
    const worker = started++;
    return { worker, seed: seedOf(worker) };
  };
  if (backend === 'inline') {
    const inline = new InlineExecutor();
    await inline.start(initializer, next());
    return inline;
  }
  const { openProcess, openThread } = await import('./channels.ts');
  if (backend === 'threads') {
    const crew = new Crew<Call, Reply>(
      (listener) => new CallMember(openThread, initializer, next(), listener),
      { mostItems },
    );
    await crew.start(workers);
    return crew;
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
  return {
    run: (calls, onReply, signal) => crew.run(calls, onReply, signal),
    busySince: (calls) => crew.busySince(calls),
    [Symbol.asyncDispose]: async () => {
      await crew[Symbol.asyncDispose]();
      await custody[Symbol.asyncDispose]();
    },
  };
}
