import { options, type OptionsSchema } from '../../core/options.ts';

/** What may be written under `dual-annealing`. */
export interface DualAnnealingOptions {
  /**
   * Chains that anneal side by side at one temperature, each with one candidate at a time: so many evaluations run in parallel.
   *
   * @default 1
   */
  readonly chains?: number;
  /**
   * Where an annealing begins: it sets how far candidates are, and which rises are accepted, these in the task's unit.
   *
   * @default 5230
   */
  readonly initialTemperature?: number;
  /**
   * An annealing ends, and another begins anywhere in the box, below this fraction of the initial temperature.
   *
   * @default 2e-5
   */
  readonly restartTemperatureRatio?: number;
  /**
   * q_v of the visiting distribution, in (1, 3): the larger, the heavier its tails.
   *
   * @default 2.62
   */
  readonly visit?: number;
  /**
   * q_a of the acceptance probability, below 1: the lower, the fewer rises are accepted.
   *
   * @default -5
   */
  readonly accept?: number;
  /**
   * Whether the best points of chains are improved by a local search: a quasi-Newton method that measures derivatives by differences, n
   * evaluations at once. Of no use where values are noisy.
   *
   * @default true
   */
  readonly localSearch?: boolean;
  /**
   * Stops after so many temperatures in a row without an improvement by more than `tolFun`; 0: never.
   *
   * @default 500
   */
  readonly patience?: number;
  /**
   * Differences between values that count as none.
   *
   * @default 1e-12
   */
  readonly tolFun?: number;
}

export type ResolvedDualAnnealingOptions = Readonly<Required<DualAnnealingOptions>>;

const defaults: ResolvedDualAnnealingOptions = {
  chains: 1,
  initialTemperature: 5230,
  restartTemperatureRatio: 2e-5,
  visit: 2.62,
  accept: -5,
  localSearch: true,
  patience: 500,
  tolFun: 1e-12,
};

export const dualAnnealingSchema: OptionsSchema = options({
  chains: {
    type: 'integer',
    minimum: 1,
    maximum: 10_000,
    default: defaults.chains,
    description: 'Chains that anneal side by side at one temperature, each with one candidate at a time.',
  },
  initialTemperature: {
    type: 'number',
    exclusiveMinimum: 0,
    maximum: 1e6,
    default: defaults.initialTemperature,
    description: 'Sets how far candidates are at first, and which rises are accepted.',
  },
  restartTemperatureRatio: {
    type: 'number',
    exclusiveMinimum: 0,
    exclusiveMaximum: 1,
    default: defaults.restartTemperatureRatio,
    description: 'Another annealing begins below this fraction of the initial temperature.',
  },
  visit: {
    type: 'number',
    minimum: 1.1,
    maximum: 2.99,
    default: defaults.visit,
    description: 'q_v of the visiting distribution: the larger, the heavier its tails.',
  },
  accept: {
    type: 'number',
    minimum: -1e4,
    exclusiveMaximum: 1,
    default: defaults.accept,
    description: 'q_a of the acceptance probability: the lower, the fewer rises are accepted.',
  },
  localSearch: {
    type: 'boolean',
    default: defaults.localSearch,
    description: 'Whether the best points of chains are improved by a quasi-Newton search.',
  },
  patience: {
    type: 'integer',
    minimum: 0,
    default: defaults.patience,
    description:
      'Stops after so many temperatures in a row without an improvement by more than tolFun; 0: never.',
  },
  tolFun: {
    type: 'number',
    minimum: 0,
    default: defaults.tolFun,
    description: 'Differences between values that count as none.',
  },
});

export function resolveDualAnnealing(given: DualAnnealingOptions): ResolvedDualAnnealingOptions {
  return { ...defaults, ...given };
}
