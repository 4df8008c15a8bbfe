import { CodedError } from '../../core/errors.ts';
import { Space } from '../../space/space.ts';
import type { Task } from '../../tasks/contract.ts';
import type { OutputSink } from '../hosts/output.ts';
import type { Evaluator, EvaluatorSetup } from './contract.ts';
import { createInlineEvaluator } from './inline.ts';
import { PooledEvaluator } from './pooled.ts';

/** Of what is quicker, chunks that take so long: a message through the engine costs about a millisecond. */
const CLUSTER_CHUNKS = { belowMs: 20, forMs: 40 };
/** Of the points of a message: an engine takes a megabyte at once, if nothing else was said to it. */
const MOST_BYTES = 500_000;

/**
 * Makes the evaluator that a host was assigned. What a kind of worker needs is loaded by those alone who use it. Programs are workers
 * themselves, wherever points are said to be evaluated.
 *
 * @param print takes what worker processes and programs print
 * @param wrap what is put around a task that is evaluated in this thread
 */
export async function createEvaluator(
  setup: EvaluatorSetup,
  print: OutputSink,
  wrap?: (task: Task) => Task,
): Promise<Evaluator> {
  const { spec, task, parameters, seed, optimizerId, wantsGradient } = setup;
  const context = { seed, optimizerId, wantsGradient, names: new Space(parameters).names };
  const { workers, retries } = spec;
  if (spec.kind === 'cluster') {
    const { ClusterExecutor } = await import('./cluster.ts');
    if (!setup.cluster) throw new CodedError('internal', 'evaluate: cluster, where there is no way to one');
    const executor = new ClusterExecutor(setup, setup.cluster(), (jobs) => {
      evaluator.begun(jobs);
    });
    const evaluator = new PooledEvaluator(setup, executor, {
      chunks: CLUSTER_CHUNKS,
      largestChunk: Math.max(1, Math.min(256, Math.floor(MOST_BYTES / (8 * parameters.length)))),
    });
    return evaluator;
  }
  if (task.kind === 'worker') {
    const { programCrew } = await import('./programs.ts');
    return new PooledEvaluator(setup, await programCrew(task, context, setup, print));
  }
  if (task.kind === 'command') return createInlineEvaluator(setup, task, print);
  switch (spec.kind) {
    case 'inline':
      return createInlineEvaluator(setup, task, print, wrap);
    case 'threads': {
      const { threadCrew } = await import('./threads.ts');
      return new PooledEvaluator(setup, await threadCrew({ task, context, retries }, workers));
    }
    case 'processes': {
      const { processCrew } = await import('./processes.ts');
      return new PooledEvaluator(
        setup,
        await processCrew({ kind: 'start', task, context, retries }, workers, print, setup.custody),
      );
    }
  }
}
