import { options, type OptionsSchema } from '../../core/options.ts';

/** What may be written under `bobyqa` and `dfo-ls`. */
export interface TrustRegionOptions {
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
   * How often it begins once more about its best point, each time with a third of the trust region: `bobyqa` when the model has been of little use in
   * the end, as on kinks and noise; `dfo-ls` when steps do not gain any more what they should, because of noise.
   *
   * @default 3 for `bobyqa`, 5 for `dfo-ls`
   */
  readonly maxRestarts?: number;
  /**
   * Stops after this many random starts at which the evaluation failed.
   *
   * @default 50
   */
  readonly maxFailedStarts?: number;
}

export type ResolvedTrustRegionOptions = Readonly<Required<TrustRegionOptions>>;

const defaults = { rhoBegin: 0.1, rhoEnd: 1e-8, maxFailedStarts: 50 };

/** @param restart when it begins once more, continuing "How often it begins once more about its best point …" */
export function trustRegionSchema(maxRestarts: number, restart: string): OptionsSchema {
  return options({
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
      default: maxRestarts,
      description: `How often it begins once more about its best point ${restart}.`,
    },
    maxFailedStarts: {
      type: 'integer',
      minimum: 1,
      default: defaults.maxFailedStarts,
      description: 'Stops after this many random starts at which the evaluation failed.',
    },
  });
}

export function resolveTrustRegion(
  given: TrustRegionOptions,
  maxRestarts: number,
): ResolvedTrustRegionOptions {
  return { ...defaults, maxRestarts, ...given };
}

export function trustRegionFault({ rhoBegin, rhoEnd }: TrustRegionOptions): string | undefined {
  const isWrong = (rhoEnd ?? defaults.rhoEnd) > (rhoBegin ?? defaults.rhoBegin);
  return isWrong ? 'rhoEnd must be at most rhoBegin' : undefined;
}
