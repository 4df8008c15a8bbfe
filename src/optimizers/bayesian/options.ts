import { options, type OptionsSchema } from '../../core/options.ts';

/** What may be written under `bayesian`. */
export interface BayesianOptions {
  /**
   * Stops after so many points: the time for one grows with their number.
   *
   * @default 300
   */
  readonly maxPoints?: number;
  /**
   * Points of a Sobol sequence, the start before them, that are evaluated before the first is chosen; all of them may be out at once.
   *
   * @default 2 (n + 1), a third of `maxPoints` at most
   */
  readonly initialPoints?: number;
  /**
   * How many chosen points may be out at once: as many as there are `workers`. A point is chosen from what is known of those asked so long before it,
   * whether more has come by then or not; so the same points are asked for however long evaluations take.
   *
   * @default 1
   */
  readonly parallel?: number;
  /**
   * From how many of the best points of a first look the expected improvement is followed to its maximum.
   *
   * @default 4
   */
  readonly starts?: number;
}

export type ResolvedBayesianOptions = Readonly<Required<BayesianOptions>>;

const defaults = { maxPoints: 300, parallel: 1, starts: 4 };

export const bayesianSchema: OptionsSchema = options({
  maxPoints: {
    type: 'integer',
    minimum: 2,
    maximum: 2000,
    default: defaults.maxPoints,
    description: 'Stops after so many points: the time for one grows with their number.',
  },
  initialPoints: {
    type: 'integer',
    minimum: 1,
    description:
      'Points of a Sobol sequence that are evaluated first, the start before them: 2 (n + 1), a third of maxPoints at most.',
  },
  parallel: {
    type: 'integer',
    minimum: 1,
    default: defaults.parallel,
    description: 'How many chosen points may be out at once: as many as there are workers.',
  },
  starts: {
    type: 'integer',
    minimum: 1,
    default: defaults.starts,
    description: 'From how many points the maximum of the expected improvement is sought.',
  },
});

export function resolveBayesian(given: BayesianOptions, dimension: number): ResolvedBayesianOptions {
  const { maxPoints, parallel, starts } = { ...defaults, ...given };
  const { initialPoints = Math.min(2 * (dimension + 1), Math.ceil(maxPoints / 3)) } = given;
  // The first point that is chosen is to know of one at least.
  return {
    maxPoints,
    parallel,
    starts,
    initialPoints: Math.min(maxPoints, Math.max(parallel, initialPoints)),
  };
}
