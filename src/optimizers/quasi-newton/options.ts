import { options, type OptionsSchema } from '../../core/options.ts';

/** What may be written under `bfgs` and `l-bfgs-b`. */
export interface QuasiNewtonOptions {
  /**
   * The longest first step in any coordinate, as a fraction of the box width, in (0, 1].
   *
   * @default 0.05
   */
  readonly initialStep?: number;
  /**
   * Stops when a step is expected to gain less than this, or two in a row have done so; rounding sets a limit of its own.
   *
   * @default 1e-12
   */
  readonly tolFun?: number;
  /**
   * Stops when six of the last ten steps gained less than this part of what was expected; 0: never.
   *
   * @default 0
   */
  readonly roughness?: number;
  /**
   * Stops after this many random starts at which the evaluation failed.
   *
   * @default 50
   */
  readonly maxFailedStarts?: number;
}

export interface LimitedOptions extends QuasiNewtonOptions {
  /**
   * How many of the last steps are remembered, an integer >= 1.
   *
   * @default 10
   */
  readonly memory?: number;
}

export type ResolvedOptions = Readonly<Required<QuasiNewtonOptions>>;

const defaults: ResolvedOptions = { initialStep: 0.05, tolFun: 1e-12, roughness: 0, maxFailedStarts: 50 };
const DEFAULT_MEMORY = 10;

const properties = {
  initialStep: {
    type: 'number',
    exclusiveMinimum: 0,
    maximum: 1,
    default: defaults.initialStep,
    description: 'The longest first step in any coordinate, as a fraction of the box width.',
  },
  tolFun: {
    type: 'number',
    minimum: 0,
    default: defaults.tolFun,
    description: 'Stops when a step is expected to gain less than this, or two in a row have done so.',
  },
  roughness: {
    type: 'number',
    minimum: 0,
    maximum: 1,
    default: defaults.roughness,
    description:
      'Stops when six of the last ten steps gained less than this part of what was expected, as the function is rough; 0: never.',
  },
  maxFailedStarts: {
    type: 'integer',
    minimum: 1,
    default: defaults.maxFailedStarts,
    description: 'Stops after this many random starts at which the evaluation failed.',
  },
} as const;

export const bfgsSchema: OptionsSchema = options(properties);

export const limitedSchema: OptionsSchema = options({
  ...properties,
  memory: {
    type: 'integer',
    minimum: 1,
    default: DEFAULT_MEMORY,
    description: 'How many of the last steps are remembered.',
  },
});

export function resolve(given: QuasiNewtonOptions): ResolvedOptions {
  return { ...defaults, ...given };
}

export function memoryOf({ memory = DEFAULT_MEMORY }: LimitedOptions): number {
  return memory;
}
