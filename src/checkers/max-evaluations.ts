import { options } from '../core/options.ts';
import type { Checker, CheckerComponent } from './contract.ts';

/** Written as `max-evaluations: 50000`. */
export interface MaxEvaluationsOptions {
  /** Counted evaluations of the whole run: reached exactly, never exceeded. */
  readonly evaluations: number;
}

export const maxEvaluations: CheckerComponent<MaxEvaluationsOptions> = {
  name: 'max-evaluations',
  summary: 'the run has used so many evaluations (exactly, never more)',
  options: options(
    { evaluations: { description: 'evaluations of the whole run', type: 'integer', minimum: 1 } },
    ['evaluations'],
  ),
  create({ evaluations }): Checker {
    return {
      name: maxEvaluations.name,
      budget: evaluations,
      examine(run) {
        const holds = run.evaluations >= evaluations;
        return { holds, detail: `${run.evaluations} ${holds ? '>=' : '<'} ${evaluations}` };
      },
    };
  },
};
