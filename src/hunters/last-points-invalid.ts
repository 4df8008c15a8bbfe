import { options } from '../core/options.ts';
import type { Hunter, HunterComponent } from './contract.ts';

/** Written as `last-points-invalid: 20`. */
export interface LastPointsInvalidOptions {
  /** How many evaluations in a row must have failed. */
  readonly calls: number;
}

/**
 * The victim's last `calls` evaluations all failed: it is lost where the task has no value.
 *
 * @remarks GloMPO's LastPointsInvalid takes a single failure to be enough unless told otherwise. Tasks fail now and then for reasons
 * of their own, so the number must be said here.
 */
export const lastPointsInvalid: HunterComponent<LastPointsInvalidOptions> = {
  name: 'last-points-invalid',
  summary: 'the last so many evaluations all failed',
  options: options(
    { calls: { description: 'how many evaluations in a row must have failed', type: 'integer', minimum: 1 } },
    ['calls'],
  ),
  create({ calls }): Hunter {
    return {
      name: lastPointsInvalid.name,
      examine({ victim }) {
        const holds = victim.failedInARow >= calls;
        return { holds, detail: `${victim.failedInARow} failed in a row ${holds ? '>=' : '<'} ${calls}` };
      },
    };
  },
};
