import { options, type OptionsSchema } from '../../core/options.ts';

/** What may be written under `dfo-ls`. */
export interface DfoLsOptions {
  /**
   * The first trust region, as a fraction of the box width, in (0, 0.25]: such that residuals differ by more than their noise.
   *
   * @default 0.1
   */
  readonly rhoBegin?: number;
  /**
   * Stops when nothing more is to be gained at this resolution, a fraction of the box width.
   *
   * @default 1e-8
   */
  readonly rhoEnd?: number;
  /**
   * How often it begins once more about its best point, which is evaluated anew, when steps do not gain any more what they should: because of noise. Each
   * time with a third of the trust region.
   *
   * @default 5
   */
  readonly maxRestarts?: number;
  /**
   * Stops after this many random starts at which the evaluation failed.
   *
   * @default 50
   */
  readonly maxFailedStarts?: number;
}

export type ResolvedDfoLsOptions = Readonly<Required<DfoLsOptions>>;

const defaults: ResolvedDfoLsOptions = { rhoBegin: 0.1, rhoEnd: 1e-8, maxRestarts: 5, maxFailedStarts: 50 };

export const dfoLsSchema: OptionsSchema = options({
  rhoBegin: {
    type: 'number',
    exclusiveMinimum: 0,
    maximum: 0.25,
    default: defaults.rhoBegin,
    description: 'The first trust region, as a fraction of the box width: well above the noise of residuals.',
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
    description: 'How often it begins once more about its best point when noise keeps steps from gaining.',
  },
  maxFailedStarts: {
    type: 'integer',
    minimum: 1,
    default: defaults.maxFailedStarts,
    description: 'Stops after this many random starts at which the evaluation failed.',
  },
});

export function resolveDfoLs(given: DfoLsOptions): ResolvedDfoLsOptions {
  return { ...defaults, ...given };
}

export function dfoLsFault({ rhoBegin, rhoEnd }: DfoLsOptions): string | undefined {
  const isWrong = (rhoEnd ?? defaults.rhoEnd) > (rhoBegin ?? defaults.rhoBegin);
  return isWrong ? 'rhoEnd must be at most rhoBegin' : undefined;
}
