import { options, type OptionsSchema } from '../../core/options.ts';
import type { RestartKind } from './restarts.ts';

/** What may be written under `cma-es`. */
export interface CmaEsOptions {
  /**
   * Candidates of one generation, an integer >= 2. More make it slower but more global.
   *
   * @default 4 + floor(3 ln n)
   */
  readonly populationSize?: number;
  /**
   * First standard deviation in every coordinate, as a fraction of the box width, in (0, 1].
   *
   * @default 0.3
   */
  readonly sigma0?: number;
  /**
   * Stops when all values of a generation and the best values of the last 10 + 30 n / populationSize lie within this; 0: never.
   *
   * @default 1e-11
   */
  readonly tolFun?: number;
  /**
   * Stops when the best values of the last 10 + 30 n / populationSize generations lie within this; 0: never.
   *
   * @default 1e-12
   */
  readonly tolFunHist?: number;
  /**
   * Stops when the standard deviation in every continuous coordinate is below this fraction of the box width; 0: never.
   *
   * @default 1e-11
   */
  readonly tolX?: number;
  /**
   * Stops when a standard deviation has grown to this many times `sigma0`, which was then far too small.
   *
   * @default 1e4
   */
  readonly tolXUp?: number;
  /**
   * Stops when the condition number of the covariance matrix exceeds this: rounding would take over.
   *
   * @default 1e14
   */
  readonly maxCondition?: number;
  /**
   * Stops when neither best nor median values improved over the last fifth of the generations (at least 120 + 30 n / populationSize).
   *
   * @default true
   */
  readonly stagnation?: boolean;
  /**
   * Stops after this many generations in a row in which every evaluation failed.
   *
   * @default 20
   */
  readonly maxFailedGenerations?: number;
  /**
   * What it does when it stops: `none`: no more, so that a manager can start something else; `ipop`: another run from a random point with twice the
   * population; `bipop`: such runs, and others with small populations and small steps in between.
   *
   * @default 'none'
   */
  readonly restarts?: RestartKind;
  /**
   * Restarts until it stops for good, an integer >= 0.
   *
   * @default Infinity
   */
  readonly maxRestarts?: number;
  /**
   * How one that a manager starts in place of one that has ended differs from it: `alike`: not at all; `ipop` and `bipop`: as with `restarts`, so that what is
   * started, where and when, is the manager's business.
   *
   * @default 'alike'
   */
  readonly spawns?: 'alike' | 'ipop' | 'bipop';
  /**
   * Stops with the generation in which it has made so many evaluations, an integer >= 1.
   *
   * @default Infinity
   */
  readonly maxEvaluations?: number;
  /**
   * What C may be: `full` learns how parameters depend on each other, O(n^2) a candidate; `diagonal` does not and learns faster, O(n); `auto`: full up
   * to 200 dimensions.
   *
   * @default 'auto'
   */
  readonly covariance?: 'auto' | 'full' | 'diagonal';
  /**
   * What it does about noise: `none`; `reevaluate`: evaluates some candidates twice, and all of them more often when their ranks cannot be relied upon;
   * `grow`: has more candidates a generation when its moves are those of a random walk.
   *
   * @default 'none'
   */
  readonly noise?: 'none' | 'reevaluate' | 'grow';
  /**
   * How many times as many evaluations as without noise a generation may have at the most, >= 1.
   *
   * @default 30
   */
  readonly noiseLimit?: number;
}

export type ResolvedCmaEsOptions = Readonly<Required<CmaEsOptions>>;

const defaults = {
  sigma0: 0.3,
  tolFun: 1e-11,
  tolFunHist: 1e-12,
  tolX: 1e-11,
  tolXUp: 1e4,
  maxCondition: 1e14,
  stagnation: true,
  maxFailedGenerations: 20,
  restarts: 'none',
  maxRestarts: Infinity,
  spawns: 'alike',
  maxEvaluations: Infinity,
  covariance: 'auto',
  noise: 'none',
  noiseLimit: 30,
} as const;

export const cmaEsSchema: OptionsSchema = options({
  populationSize: {
    type: 'integer',
    minimum: 2,
    description:
      'Candidates of one generation; default 4 + floor(3 ln n). More make it slower but more global.',
  },
  sigma0: {
    type: 'number',
    exclusiveMinimum: 0,
    maximum: 1,
    default: defaults.sigma0,
    description: 'First standard deviation in every coordinate, as a fraction of the box width.',
  },
  tolFun: {
    type: 'number',
    minimum: 0,
    default: defaults.tolFun,
    description:
      'Stops when all values of a generation and the best values of the last 10 + 30 n / populationSize lie within this; 0: never.',
  },
  tolFunHist: {
    type: 'number',
    minimum: 0,
    default: defaults.tolFunHist,
    description:
      'Stops when the best values of the last 10 + 30 n / populationSize generations lie within this; 0: never.',
  },
  tolX: {
    type: 'number',
    minimum: 0,
    default: defaults.tolX,
    description:
      'Stops when the standard deviation in every continuous coordinate is below this fraction of the box width; 0: never.',
  },
  tolXUp: {
    type: 'number',
    exclusiveMinimum: 1,
    default: defaults.tolXUp,
    description:
      'Stops when a standard deviation has grown to this many times sigma0, which was then far too small.',
  },
  maxCondition: {
    type: 'number',
    exclusiveMinimum: 1,
    default: defaults.maxCondition,
    description: 'Stops when the condition number of the covariance matrix exceeds this.',
  },
  stagnation: {
    type: 'boolean',
    default: defaults.stagnation,
    description: 'Stops when neither best nor median values improved over the last fifth of the generations.',
  },
  maxFailedGenerations: {
    type: 'integer',
    minimum: 1,
    default: defaults.maxFailedGenerations,
    description: 'Stops after this many generations in a row in which every evaluation failed.',
  },
  restarts: {
    enum: ['none', 'ipop', 'bipop'],
    default: defaults.restarts,
    description:
      'What it does instead of stopping: ipop: another run with twice the population; bipop: such runs, and small ones in between.',
  },
  maxRestarts: {
    type: 'integer',
    minimum: 0,
    description: 'Restarts until it stops for good; any number when not given.',
  },
  spawns: {
    enum: ['alike', 'ipop', 'bipop'],
    default: defaults.spawns,
    description:
      'How the next one that a manager starts differs from those before: as with restarts, but started by the manager.',
  },
  maxEvaluations: {
    type: 'integer',
    minimum: 1,
    description: 'Stops with the generation in which it has made so many evaluations; never when not given.',
  },
  covariance: {
    enum: ['auto', 'full', 'diagonal'],
    default: defaults.covariance,
    description:
      'full learns how parameters depend on each other; diagonal does not and learns faster; auto: full up to 200 dimensions.',
  },
  noise: {
    enum: ['none', 'reevaluate', 'grow'],
    default: defaults.noise,
    description:
      'What it does about noise: reevaluate: evaluates candidates more often when their ranks cannot be relied upon; grow: has more candidates when moves look like a random walk.',
  },
  noiseLimit: {
    type: 'number',
    minimum: 1,
    default: defaults.noiseLimit,
    description: 'How many times as many evaluations as without noise a generation may have at the most.',
  },
});

/** @param populationSize the default, which depends on the dimension */
export function resolveCmaEs(given: CmaEsOptions, populationSize: number): ResolvedCmaEsOptions {
  return { populationSize, ...defaults, ...given };
}

/** A full C takes longer than most tasks above, and its learning more evaluations than most budgets have. */
const LARGEST_FULL = 200;

export function isDiagonal({ covariance }: ResolvedCmaEsOptions, dimension: number): boolean {
  return covariance === 'auto' ? dimension > LARGEST_FULL : covariance === 'diagonal';
}
