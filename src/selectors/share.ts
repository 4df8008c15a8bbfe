import { CodedError } from '../core/errors.ts';
import { options } from '../core/options.ts';
import type { SelectorComponent } from './contract.ts';

export interface ShareOptions {
  /** What part of all evaluations each type is to get, relative to the others: one number > 0 a type. @default the same for all */
  readonly weights?: readonly number[];
}

/**
 * The type that is furthest behind its share of the evaluations so far.
 *
 * An optimizer that has just started will use some: until it has, it counts as much as those of its type before it did on average, so that slots which
 * become free together go to different types.
 *
 * @remarks Not in GloMPO. With a quick local optimizer and a thorough global one it gives both their time, however differently long they run, as the two
 * regimes of BIPOP-CMA-ES have the same budget.
 * @see Hansen (2009), Benchmarking a BI-population CMA-ES on the BBOB-2009 function testbed, GECCO workshops
 */
export const share: SelectorComponent<ShareOptions> = {
  name: 'share',
  summary: 'the optimizer type that has used the least of its share of the evaluations',
  options: options({
    weights: {
      description:
        'what part of all evaluations each type is to get, relative to the others; the same when not given',
      type: 'array',
      items: { description: 'relative to the other types', type: 'number', exclusiveMinimum: 0 },
    },
  }),
  create({ weights }, { types }) {
    if (weights && weights.length !== types)
      throw new CodedError(
        'usage',
        `share needs one weight for each optimizer type: ${types}, got ${weights.length}`,
      );
    return {
      select({ spent, optimizers, isOpen }) {
        const live = optimizers.filter(({ state }) => state === 'live');
        let least = Infinity;
        let chosen = 0;
        for (let type = 0; type < types; type++) {
          if (!isOpen[type]) continue;
          const its = live.filter((one) => one.type === type);
          const used = usedBy(
            spent[type] ?? [],
            its.map(({ evaluations }) => evaluations),
          );
          const part = used / (weights?.[type] ?? 1);
          if (part >= least) continue;
          least = part;
          chosen = type;
        }
        return chosen;
      },
    };
  },
};

/** What a type has used, and what those that run will have used at the least. */
function usedBy(spent: readonly number[], live: readonly number[]): number {
  const all = spent.reduce((sum, one) => sum + one, 0);
  const ended = spent.length - live.length;
  const usual = ended > 0 ? (all - live.reduce((sum, one) => sum + one, 0)) / ended : 1;
  return live.reduce((sum, one) => sum + Math.max(0, usual - one), all);
}
