import { options } from '../core/options.ts';
import type { Checker, CheckerComponent } from './contract.ts';

/** Written as `kills-after-convergence: 10` or `kills-after-convergence: { kills: 10, converged: 2 }`. */
export interface KillsAfterConvergenceOptions {
  /** Kills since then. */
  readonly kills: number;
  /** How many optimizers must have converged before kills count. @default 1 */
  readonly converged: number;
}

/**
 * So many optimizers have converged, and so many were killed since: there is an answer, and nothing better is turning up.
 *
 * @remarks GloMPO's KillsAfterConvergence counts from the moment at which it is asked and notices that enough have converged; here the
 * record of the run says which kills came before. Its default of 0 kills, which ends the run with the first convergence, is gone.
 */
export const killsAfterConvergence: CheckerComponent<KillsAfterConvergenceOptions> = {
  name: 'kills-after-convergence',
  summary: 'so many optimizers were killed since so many had converged',
  options: options(
    {
      kills: {
        description: 'optimizers killed since so many had converged',
        type: 'integer',
        minimum: 0,
      },
      converged: {
        description: 'how many optimizers must have converged before kills count',
        type: 'integer',
        minimum: 1,
        default: 1,
      },
    },
    ['kills'],
  ),
  create({ kills, converged }): Checker {
    return {
      name: killsAfterConvergence.name,
      examine(run) {
        const { optimizers } = run;
        if (optimizers.converged < converged)
          return { holds: false, detail: `${optimizers.converged} converged < ${converged}` };
        const killed = run.killedAfter(converged);
        const holds = killed >= kills;
        return {
          holds,
          detail: `${killed} killed after ${converged} converged ${holds ? '>=' : '<'} ${kills}`,
        };
      },
    };
  },
};
