import { options, type OptionsSchema } from '../../core/options.ts';

/** What may be written under `step`. */
export interface StepOptions {
  /**
   * The improvement of one coordinate that is worth looking for, in the task's unit: STEP asks where the function could most easily be
   * lower by it.
   *
   * @default 1e-10
   */
  readonly tolFun?: number;
  /**
   * Intervals narrower than this fraction of the box width are left alone.
   *
   * @default 1e-10
   */
  readonly tolX?: number;
  /**
   * A coordinate is finished when a lower value in any of its intervals would take a curvature above this many times the range of its
   * values, over the box width squared. Larger: narrower basins are found, with more evaluations.
   *
   * @default 1e4
   */
  readonly maxDifficulty?: number;
  /**
   * The function counts as separable while the best coordinates together are worth what each promised alone, to this fraction.
   *
   * @default 1e-4
   */
  readonly tolSeparable?: number;
}

export type ResolvedStepOptions = Readonly<Required<StepOptions>>;

const defaults: ResolvedStepOptions = { tolFun: 1e-10, tolX: 1e-10, maxDifficulty: 1e4, tolSeparable: 1e-4 };

export const stepSchema: OptionsSchema = options({
  tolFun: {
    type: 'number',
    exclusiveMinimum: 0,
    default: defaults.tolFun,
    description: "The improvement of one coordinate that is worth looking for, in the task's unit.",
  },
  tolX: {
    type: 'number',
    minimum: 1e-14,
    maximum: 0.5,
    default: defaults.tolX,
    description: 'Intervals narrower than this fraction of the box width are left alone.',
  },
  maxDifficulty: {
    type: 'number',
    exclusiveMinimum: 0,
    default: defaults.maxDifficulty,
    description:
      'A coordinate is finished when a lower value would take a curvature above this many times the range of its values.',
  },
  tolSeparable: {
    type: 'number',
    minimum: 0,
    default: defaults.tolSeparable,
    description:
      'Separable while the best coordinates together are worth what each promised alone, to this fraction.',
  },
});

export function resolveStep(given: StepOptions): ResolvedStepOptions {
  return { ...defaults, ...given };
}
