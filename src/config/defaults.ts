import { availableParallelism } from 'node:os';

/** What stands in for each section that a configuration does not have, in the words of a user. */
export const DEFAULTS: {
  readonly selector: string;
  readonly use: readonly string[];
  readonly generator: string;
  readonly hunters: unknown;
  readonly stop: (freeParameters: number) => unknown;
  readonly maxJobs: () => number;
} = {
  selector: 'cycle',
  use: ['cma-es'],
  generator: 'random',
  hunters: {
    any: [
      {
        all: [
          { 'evaluations-unmoving': { calls: 100, tolerance: 0.01 } },
          { 'value-annealing': { survivalAtTwice: 0.1 } },
        ],
      },
      { 'best-unmoving': { calls: 2000, tolerance: 0.2 } },
    ],
  },
  stop: (freeParameters) => ({ 'max-evaluations': 2500 * freeParameters }),
  maxJobs: availableParallelism,
};
