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
   * How many steps in a row may go without a Jacobian that is measured: it is updated by what they show (Broyden), which saves n evaluations
   * each time. 0 where evaluations of a Jacobian run in parallel and their number does not matter.
   *
   * @default 20
   */
  readonly secantUpdates?: number;
  /**
   * Whether it ends with central differences: for the last digits, and for standard errors. A start among many does without.
   *
   * @default true
   */
  readonly refine?: boolean;
  /**
   * Stops after this many random starts at which the evaluation failed.
   *
   * @default 50
   */
  readonly maxFailedStarts?: number;
}

export type ResolvedLevenbergMarquardtOptions = Readonly<Required<LevenbergMarquardtOptions>>;

export const MOST_UPDATES = 1000;

const defaults: ResolvedLevenbergMarquardtOptions = {
  damping: 0.01,
  tolFun: 1e-13,
  difference: 1e-8,
  secantUpdates: 20,
  refine: true,
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
  secantUpdates: {
    type: 'integer',
    minimum: 0,
    maximum: MOST_UPDATES,
    default: defaults.secantUpdates,
    description:
      'How many steps in a row may go with a Jacobian that is updated by what they show instead of measured again.',
  },
  refine: {
    type: 'boolean',
    default: defaults.refine,
    description: 'Whether it ends with central differences: for the last digits, and for standard errors.',
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
