import { Space } from '../../space/space.ts';
import type { OutputSink } from '../hosts/output.ts';
import type { Evaluator, EvaluatorSetup } from './contract.ts';
import { createInlineEvaluator } from './inline.ts';
import { PooledEvaluator } from './pooled.ts';

/**
 * Makes the evaluator that a host was assigned. What a kind of worker needs is loaded by those alone who use it.
 *
 * @param print takes what worker processes print
 */
export async function createEvaluator(setup: EvaluatorSetup, print: OutputSink): Promise<Evaluator> {
  const { spec, task, parameters, seed, optimizerId, wantsGradient } = setup;
  const context = { seed, optimizerId, wantsGradient, names: new Space(parameters).names };
  switch (spec.kind) {
    case 'inline':
      return createInlineEvaluator(setup);
    case 'threads': {
      const { threadCrew } = await import('./threads.ts');
      return new PooledEvaluator(setup, await threadCrew({ task, context }, spec.workers));
    }
    case 'processes': {
      const { processCrew } = await import('./processes.ts');
      return new PooledEvaluator(
        setup,
        await processCrew({ kind: 'start', task, context }, spec.workers, print, setup.custody),
      );
    }
  }
}
