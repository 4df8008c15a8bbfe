import type { Evaluator, EvaluatorSetup } from './contract.ts';
import { createInlineEvaluator } from './inline.ts';

/**
 * Makes the evaluator that a host was assigned.
 *
 * @param name who the host is, for the log
 */
export async function createEvaluator(setup: EvaluatorSetup, name: string): Promise<Evaluator> {
  switch (setup.spec.kind) {
    case 'inline':
      return createInlineEvaluator(setup, name);
    case 'threads': {
      // Piscina is loaded by those alone who use it.
      const { createThreadsEvaluator } = await import('./threads.ts');
      return createThreadsEvaluator(setup);
    }
  }
}
