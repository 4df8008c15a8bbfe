import { options } from '../core/options.ts';
import type { GeneratorComponent } from './contract.ts';
import { anywhere, near } from './points.ts';
import { walk } from './walk.ts';

export interface BasinHoppingOptions {
  /** The rise that the walk accepts with probability 1/e, a fraction of the spread of the run. @default 0.1 */
  readonly temperature: number;
  /** The standard deviation of a step from where the walk stands, a fraction of the box. @default 0.15 */
  readonly scale: number;
}

/**
 * Near where a Metropolis walk over the minima that the optimizers found stands: they are the local minimizations of basin hopping.
 *
 * @remarks GloMPO starts from the best of the run or, by one Metropolis draw with the temperature in units of the objective, from one
 * other optimizer; its steps are uniform, grow and shrink with the acceptance rate, and may leave the box. This is a walk, the
 * temperature does not depend on the task's units, and steps are normal, of one size, cut off at the bounds.
 * @see Wales, Doye (1997), Global optimization by basin-hopping, J. Phys. Chem. A 101, 5111
 */
export const basinHopping: GeneratorComponent<BasinHoppingOptions> = {
  name: 'basin-hopping',
  summary: 'a step away from a Metropolis walk over the minima found so far',
  options: options({
    temperature: {
      description: 'the rise that the walk accepts with probability 1/e, a fraction of the spread of the run',
      type: 'number',
      minimum: 0,
      default: 0.1,
    },
    scale: {
      description: 'the standard deviation of a step, a fraction of the box',
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.15,
    },
  }),
  create({ temperature, scale }, { dimension, seed }) {
    return {
      generate({ optimizers, spread, random }) {
        const here = walk(optimizers, temperature * spread, seed, 'generator/basin-hopping');
        return here ? near(here, scale, random) : anywhere(dimension, random);
      },
    };
  },
};
