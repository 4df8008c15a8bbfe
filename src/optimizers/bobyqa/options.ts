import { options, type OptionsSchema } from '../../core/options.ts';

/** What may be written under `bobyqa`. */
export interface BobyqaOptions {
  /**
   * The first trust region, as a fraction of the box width, in (0, 0.25]: about a tenth of the way to the minimum that is expected, and such that
   * values differ by more than their noise.
   *
   * @default 0.1
   */
  readonly rhoBegin?: number;
  /**
   * Stops when nothing more is to be gained at this resolution, a fraction of the box width: about the error in the parameters that is
   * allowed.
   *
   * @default 1e-8
   */
  readonly rhoEnd?: number;
  /**
   * How often it begins once more about its best point when the model has been of little use in the end, as on kinks and noise; each time with a
   * third of the trust region.
   *
   * @default 3
   */
  readonly maxRestarts?: number;
  /**
   * Stops after this many random starts at which the evaluation failed.
   *
   * @default 50
   */
  readonly maxFailedStarts?: number;
}

export type ResolvedBobyqaOptions = Readonly<Required<BobyqaOptions>>;

const defaults: ResolvedBobyqaOptions = { rhoBegin: 0.1, rhoEnd: 1e-8, maxRestarts: 3, maxFailedStarts: 50 };

export const bobyqaSchema: OptionsSchema = options({
  rhoBegin: {
    type: 'number',
    exclusiveMinimum: 0,
    maximum: 0.25,
    default: defaults.rhoBegin,
    description: 'The first trust region, as a fraction of the box width: well above the noise of values.',
  },
  rhoEnd: {
    type: 'number',
    minimum: 1e-12,
    maximum: 0.25,
    default: defaults.rhoEnd,
    description: 'Stops when nothing more is to be gained at this resolution, a fraction of the box width.',
  },
  maxRestarts: {
    type: 'integer',
    minimum: 0,
    default: defaults.maxRestarts,
    description:
      'How often it begins once more about its best point when the model has been of little use in the end.',
  },
  maxFailedStarts: {
    type: 'integer',
    minimum: 1,
    default: defaults.maxFailedStarts,
    description: 'Stops after this many random starts at which the evaluation failed.',
  },
});

export function resolveBobyqa(given: BobyqaOptions): ResolvedBobyqaOptions {
  return { ...defaults, ...given };
}

export function bobyqaFault({ rhoBegin, rhoEnd }: BobyqaOptions): string | undefined {
  const isWrong = (rhoEnd ?? defaults.rhoEnd) > (rhoBegin ?? defaults.rhoBegin);
  return isWrong ? 'rhoEnd must be at most rhoBegin' : undefined;
}
