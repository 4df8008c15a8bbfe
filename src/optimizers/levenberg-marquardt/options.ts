import { options, type OptionsSchema } from '../../core/options.ts';

/** What may be written under `levenberg-marquardt`. */
export interface LevenbergMarquardtOptions {
  /**
   * The first damping, relative to the largest slopes: the larger, the shorter the first steps; > 0.
   *
   * @default 0.01
   */
  readonly damping?: number;
  /**
   * Stops when a step is expected to gain less than this part of the sum of squares, or two in a row have done so.
   *
   * @default 1e-13
   */
  readonly tolFun?: number;
  /**
   * The least step by which derivatives are taken, as a fraction of the box width, in (0, 0.1]: larger than the noise of the task allows.
   *
   * @default 1e-8
   */
  readonly difference?: number;
  /**
   * Stops after this many random starts at which the evaluation failed.
   *
   * @default 50
   */
  readonly maxFailedStarts?: number;
}

export type ResolvedLevenbergMarquardtOptions = Readonly<Required<LevenbergMarquardtOptions>>;

const defaults: ResolvedLevenbergMarquardtOptions = {
  damping: 0.01,
  tolFun: 1e-13,
  difference: 1e-8,
  maxFailedStarts: 50,
};

export const levenbergMarquardtSchema: OptionsSchema = options({
  damping: {
    type: 'number',
    exclusiveMinimum: 0,
    default: defaults.damping,
    description:
      'The first damping, relative to the largest slopes: the larger, the shorter the first steps.',
  },
  tolFun: {
    type: 'number',
    minimum: 0,
    default: defaults.tolFun,
    description:
      'Stops when a step is expected to gain less than this part of the sum of squares, or two in a row have done so.',
  },
  difference: {
    type: 'number',
    exclusiveMinimum: 0,
    maximum: 0.1,
    default: defaults.difference,
    description:
      'The step by which derivatives are taken, as a fraction of the box width: above the noise of the task.',
  },
  maxFailedStarts: {
    type: 'integer',
    minimum: 1,
    default: defaults.maxFailedStarts,
    description: 'Stops after this many random starts at which the evaluation failed.',
  },
});

export function resolveLevenbergMarquardt(
  given: LevenbergMarquardtOptions,
): ResolvedLevenbergMarquardtOptions {
  return { ...defaults, ...given };
}
