import { figure } from '../conditions/figures.ts';
import { options } from '../core/options.ts';
import type { Hunter, HunterComponent } from './contract.ts';

export interface TimeAnnealingOptions {
  /** A victim is safe while the best optimizer has made at least so many times its evaluations. @default 1 */
  readonly safeRatio: number;
}

/**
 * The longer a victim has worked in comparison with the best optimizer, the more likely it is named: it survives with probability
 * `calls_holder / (safeRatio · calls_victim)`. Tempers strict hunters within an `all`.
 *
 * @remarks GloMPO's TimeAnnealing with `crit_ratio`, by a name that says what it does. The age of an optimizer is all its
 * evaluations, failed ones included. One without any is safe, where GloMPO divides by 0, and so is the best optimizer itself, which
 * GloMPO never hunts. A best optimizer that ended early stays young, and all others age beyond it.
 */
export const timeAnnealing: HunterComponent<TimeAnnealingOptions> = {
  name: 'time-annealing',
  summary:
    'names a victim by chance, the more likely the longer it has worked in comparison with the best optimizer',
  options: options({
    safeRatio: {
      description:
        'a victim is safe while the best optimizer has made at least so many times its evaluations; above 1 is stricter',
      type: 'number',
      exclusiveMinimum: 0,
      default: 1,
    },
  }),
  create({ safeRatio }, setup): Hunter {
    return {
      name: timeAnnealing.name,
      examine({ callId, victim, holder }) {
        if (victim.id === holder.id) return { holds: false, detail: 'it is the best optimizer itself' };
        if (victim.calls === 0) return { holds: false, detail: 'no evaluations yet' };
        const u = setup.draw(callId, victim.id);
        const holds = u > holder.calls / (safeRatio * victim.calls);
        return {
          holds,
          detail: `u ${figure(u)} ${holds ? '>' : '<='} ${holder.calls}/(${safeRatio}·${victim.calls})`,
        };
      },
    };
  },
};
