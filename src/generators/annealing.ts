import type { RunSoFar } from '../conditions/past-optimizer.ts';
import { options } from '../core/options.ts';
import type { RandomStream } from '../core/random.ts';
import { power } from '../core/power.ts';
import type { GeneratorComponent } from './contract.ts';
import { anywhere, fold } from './points.ts';
import { walk } from './walk.ts';

export interface AnnealingOptions {
  /** The rise that is accepted with probability 1/e when the run begins, a fraction of its spread. @default 1 */
  readonly temperature: number;
  /** The same when the budget is used up. @default 0.01 */
  readonly finalTemperature: number;
  /** The median length of a step in one coordinate at the first temperature, a fraction of the box. @default 0.3 */
  readonly scale: number;
}

/** Steps longer than so many times their scale tell nothing more about where they end in the box. */
const LONGEST = 1e6;

/**
 * Near where a Metropolis walk over the minima that the optimizers found stands, as in basin hopping, but with a temperature that
 * falls, and steps that shrink as it does. Steps are Cauchy-distributed: most are short, some go anywhere at any temperature.
 *
 * With a budget the temperature falls geometrically from `temperature` to `finalTemperature` as evaluations are used. Without one it is
 * `temperature / k` at the k-th start, and begins anew when it would fall below `finalTemperature`.
 *
 * @remarks GloMPO wraps SciPy's dual annealing, whose chain evaluates the task in the manager while all else waits. This one
 * evaluates nothing: the optimizers' minima are its visits. It is fast annealing (q_v = 2), not the generalized one (q_v = 2.62),
 * whose steps would leave at least one of many coordinates anywhere. Steps are folded back into the box, not wrapped around.
 * @see Szu, Hartley (1987), Fast simulated annealing, Phys. Lett. A 122, 157
 */
export const annealing: GeneratorComponent<AnnealingOptions> = {
  name: 'annealing',
  summary: 'a step away from a walk over the minima found so far; both cool down as the run goes on',
  options: options({
    temperature: {
      description:
        'the rise that is accepted with probability 1/e at first, a fraction of the spread of the run',
      type: 'number',
      exclusiveMinimum: 0,
      default: 1,
    },
    finalTemperature: {
      description: 'the same when the budget is used up; without a budget, where it begins anew',
      type: 'number',
      exclusiveMinimum: 0,
      default: 0.01,
    },
    scale: {
      description: 'the median length of a step in one coordinate at first, a fraction of the box',
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.3,
    },
  }),
  fault({ temperature, finalTemperature }) {
    return finalTemperature > temperature ? 'finalTemperature must not be above temperature' : undefined;
  },
  create({ temperature, finalTemperature, scale }, { dimension, seed }) {
    return {
      generate(context) {
        const { optimizers, spread, random } = context;
        const cooling = coolingOf(context, finalTemperature / temperature);
        const here = walk(optimizers, temperature * cooling * spread, seed, 'generator/annealing');
        return here ? cauchyStep(here, scale * cooling, random) : anywhere(dimension, random);
      },
    };
  },
};

/** The temperature of this start, a fraction of the first: from 1 down to `final`. */
function coolingOf({ evaluations, budget, optimizerId }: RunSoFar, final: number): number {
  if (budget !== Infinity) return power(final, Math.min(1, evaluations / budget));
  return 1 / (1 + ((optimizerId - 1) % Math.floor(1 / final)));
}

/** ~ Cauchy in all coordinates together: one long step is long in each. */
function cauchyStep(point: Float64Array, scale: number, random: RandomStream): Float64Array {
  const stretch = Math.min(LONGEST, 1 / Math.abs(random.normal()));
  return point.map((coordinate) => fold(coordinate + scale * stretch * random.normal()));
}
