import { options, type OptionsSchema } from '../../core/options.ts';

/** What may be written under `shade`. */
export interface ShadeOptions {
  /**
   * Points of the population, an integer >= 4, all evaluated in one generation. With `maxEvaluations` the first and largest.
   *
   * @default min(100, 10 + 3 n), with `maxEvaluations` 18 n
   */
  readonly populationSize?: number;
  /**
   * L-SHADE: the population shrinks linearly, from `populationSize` to 4 points after so many evaluations of this optimizer, and it ends. To be set
   * where the number of evaluations is known beforehand.
   *
   * @default none: the population keeps its size
   */
  readonly maxEvaluations?: number;
  /**
   * How many pairs of crossover rate and scale factor are remembered.
   *
   * @default 100, with `maxEvaluations` 6
   */
  readonly memorySize?: number;
  /**
   * Points that were replaced by better ones and still give directions, as a multiple of the population.
   *
   * @default 1, with `maxEvaluations` 2.6
   */
  readonly archiveRate?: number;
  /**
   * How often a population that has converged is replaced by a new one anywhere in the box, before the optimizer stops. A manager that
   * starts optimizers has no need of it.
   *
   * @default 0
   */
  readonly restarts?: number;
  /**
   * The population has converged when no coordinate differs by more than this fraction of the box width; 0: never.
   *
   * @default 1e-11
   */
  readonly tolX?: number;
  /**
   * The population has converged when its values lie within this for ten generations in a row; 0: only when all are equal.
   *
   * @default 1e-12
   */
  readonly tolFun?: number;
}

export type ResolvedShadeOptions = Readonly<Required<ShadeOptions>>;

const defaults = { restarts: 0, tolX: 1e-11, tolFun: 1e-12 };

export const shadeSchema: OptionsSchema = options({
  populationSize: {
    type: 'integer',
    minimum: 4,
    description: 'Points of the population; default min(100, 10 + 3 n), with maxEvaluations 18 n.',
  },
  maxEvaluations: {
    type: 'integer',
    minimum: 1,
    description:
      'L-SHADE: the population shrinks linearly to 4 points after so many evaluations, and it ends; default: it keeps its size.',
  },
  memorySize: {
    type: 'integer',
    minimum: 1,
    maximum: 10_000,
    description:
      'How many pairs of crossover rate and scale factor are remembered; default 100, with maxEvaluations 6.',
  },
  archiveRate: {
    type: 'number',
    minimum: 0,
    maximum: 100,
    description:
      'Replaced points that still give directions, as a multiple of the population; default 1, with maxEvaluations 2.6.',
  },
  restarts: {
    type: 'integer',
    minimum: 0,
    default: defaults.restarts,
    description:
      'How often a population that has converged is replaced by a new one anywhere in the box, before the optimizer stops.',
  },
  tolX: {
    type: 'number',
    minimum: 0,
    default: defaults.tolX,
    description:
      'Converged when no coordinate differs by more than this fraction of the box width; 0: never.',
  },
  tolFun: {
    type: 'number',
    minimum: 0,
    default: defaults.tolFun,
    description:
      'Converged when all values lie within this for ten generations in a row; 0: only when all are equal.',
  },
});

export function resolveShade(given: ShadeOptions, dimension: number): ResolvedShadeOptions {
  const shrinks = given.maxEvaluations !== undefined;
  return {
    populationSize: shrinks ? Math.max(4, 18 * dimension) : Math.min(100, 10 + 3 * dimension),
    maxEvaluations: Infinity,
    memorySize: shrinks ? 6 : 100,
    archiveRate: shrinks ? 2.6 : 1,
    ...defaults,
    ...given,
  };
}
