import { CodedError } from '../core/errors.ts';
import { options } from '../core/options.ts';
import { rattled } from './cluster.ts';
import type { GeneratorComponent } from './contract.ts';
import { anywhere } from './points.ts';
import { walk } from './walk.ts';

export interface ClusterHoppingOptions {
  /** How many parameters in a row are the coordinates of one particle. @default 3 */
  readonly coordinates: number;
  /** The rise that the walk accepts with probability 1/e, a fraction of the spread of the run. @default 0.1 */
  readonly temperature: number;
  /** The longest step of a particle in each coordinate, a fraction of the distance of neighbours. @default 0.35 */
  readonly step: number;
  /** A particle with less than this part of the neighbours of the one that has most is put elsewhere on the surface. @default 0.4 */
  readonly loose: number;
  /** After so many starts the walk begins anew, anywhere. @default 250 */
  readonly walk: number;
}

/** The run remembers so many optimizers; a walk that is longer would lose its beginning. */
const LONGEST_WALK = 256;

/**
 * Basin hopping for parameters that are the positions of particles: near where a Metropolis walk over the minima found so far stands, with the cluster
 * moved to the middle of the box, all its particles shaken, and those that hardly hold to it put anywhere else on its surface. The walk begins anew
 * after so many starts, since a landscape of several funnels keeps it in the first.
 *
 * Steps are measured by the cluster itself, neither by the box nor by the task's units: what one particle is from the next.
 *
 * @see Wales, Doye (1997), Global optimization by basin-hopping, J. Phys. Chem. A 101, 5111: the walk, and angular moves of weakly bound atoms
 * @see Leary (2000), Global optimization on funneling landscapes, J. Global Optim. 18, 367: many short walks
 */
export const clusterHopping: GeneratorComponent<ClusterHoppingOptions> = {
  name: 'cluster-hopping',
  summary:
    'basin hopping for positions of particles: all are shaken, loose ones put elsewhere on the surface',
  options: options({
    coordinates: {
      description: 'how many parameters in a row are the coordinates of one particle',
      type: 'integer',
      minimum: 2,
      default: 3,
    },
    temperature: {
      description: 'the rise that the walk accepts with probability 1/e, a fraction of the spread of the run',
      type: 'number',
      minimum: 0,
      default: 0.1,
    },
    step: {
      description:
        'the longest step of a particle in each coordinate, a fraction of the distance of neighbours',
      type: 'number',
      exclusiveMinimum: 0,
      default: 0.35,
    },
    loose: {
      description:
        'a particle with less than this part of the neighbours of the one that has most is put elsewhere on the surface',
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.4,
    },
    walk: {
      description: 'after so many starts the walk begins anew, anywhere',
      type: 'integer',
      minimum: 1,
      maximum: LONGEST_WALK,
      default: 250,
    },
  }),
  create({ coordinates, temperature, step, loose, walk: length }, { dimension, parameters, seed }) {
    if (dimension % coordinates !== 0 || parameters.some(({ scale }) => scale === 'log'))
      throw new CodedError(
        'usage',
        `cluster-hopping takes ${coordinates} parameters for a particle, on linear scales; there are ${dimension} free ones`,
      );
    return {
      generate({ optimizerId, optimizers, spread, random }) {
        const first = optimizerId - ((optimizerId - 1) % length);
        const its = optimizers.filter(({ id }) => id >= first);
        const here = walk(its, temperature * spread, seed, 'generator/cluster-hopping');
        if (!here) return anywhere(dimension, random);
        const at = here.map((u, i) => (u - 0.5) * (parameters[i]!.max - parameters[i]!.min));
        const to = rattled(at, { coordinates, step, loose }, random);
        if (!to) return anywhere(dimension, random);
        return to.map((x, i) =>
          Math.min(1, Math.max(0, x / (parameters[i]!.max - parameters[i]!.min) + 0.5)),
        );
      },
    };
  },
};
