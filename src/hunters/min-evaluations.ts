import { options } from '../core/options.ts';
import type { Hunter, HunterComponent } from './contract.ts';

/** Written as `min-evaluations: 500`. */
export interface MinEvaluationsOptions {
  /** Its evaluations, failed ones included, from which on an optimizer is old enough. */
  readonly calls: number;
}

/**
 * The victim has had its chance: at least `calls` evaluations. Within `all`, it keeps the other hunters off the young; nothing else
 * does.
 */
export const minEvaluations: HunterComponent<MinEvaluationsOptions> = {
  name: 'min-evaluations',
  summary: 'it has made at least so many evaluations; within all, this protects the young',
  options: options(
    {
      calls: {
        description: 'evaluations of the optimizer, failed ones included',
        type: 'integer',
        minimum: 1,
      },
    },
    ['calls'],
  ),
  create({ calls }): Hunter {
    return {
      name: minEvaluations.name,
      examine({ victim }) {
        const holds = victim.calls >= calls;
        return { holds, detail: `${victim.calls} ${holds ? '>=' : '<'} ${calls}` };
      },
    };
  },
};
