import { availableParallelism } from 'node:os';
import type { TaskSpec } from '../tasks/contract.ts';

/** What stands in for each section that a configuration does not have, in the words of a user. */
export const DEFAULTS: {
  /** For a list of optimizers. */
  readonly selector: string;
  /** When nothing is said of optimizers at all. */
  readonly portfolio: (hasResiduals: boolean) => {
    readonly selector: unknown;
    readonly use: readonly unknown[];
  };
  readonly generator: string;
  readonly hunters: (freeParameters: number) => unknown;
  readonly stop: (freeParameters: number) => unknown;
  readonly maxJobs: () => number;
  readonly managerFor: (task: TaskSpec) => { readonly backend?: 'processes' };
} = {
  selector: 'cycle',
  portfolio,
  generator: 'random',
  // What earns its place where optimizers are as good as ours, see bench/managed.md. Those of GloMPO's kind see that a victim hardly moves: they kill large
  // populations that explore, or come when it has all but converged. The young are spared: the start of a descent looks like its end, and with several slots every
  // start takes evaluations from the others.
  hunters: (freeParameters) => ({ all: [{ 'min-evaluations': 100 * freeParameters }, 'forecast'] }),
  stop: (freeParameters) => ({ 'max-evaluations': 2500 * freeParameters }),
  maxJobs: availableParallelism,
  // What contains a process contains all programs that it starts, and makes none of them slower: in threads each needs a containment of its own, see bench/commands.md.
  managerFor: ({ kind }) =>
    kind === 'command' && process.platform === 'linux' ? { backend: 'processes' } : {},
};

/**
 * A search along single coordinates, which is quick where they do not depend on each other and cheap to find out that they do; quick descents on what is
 * smooth; and CMA-ES with ever larger populations for all else, which gets most of the evaluations. For a fit, least squares on its residuals: rough and short ones from everywhere and from near the best
 * fit so far, as most lead nowhere, and one that is not content until it is exact from that fit itself; and CMA-ES.
 *
 * Tuned on the classic functions, shifted, rotated and offset, `roughness` on BBOB too, and that for fits on NIST's: see `bench/suites.md`.
 */
function portfolio(hasResiduals: boolean): { readonly selector: unknown; readonly use: readonly unknown[] } {
  const global = { 'cma-es': { spawns: 'bipop', sigma0: 0.2 } };
  if (hasResiduals)
    return {
      selector: { share: { weights: [4, 2, 1, 1] } },
      use: [
        rough('magnitudes'),
        rough('perturbation'),
        { 'levenberg-marquardt': { generator: 'incumbent' } },
        global,
      ],
    };
  return {
    selector: { share: { weights: [1, 1, 8] } },
    // A descent on a rough function gains next to nothing for thousands of evaluations.
    use: [{ step: { maxStarts: 1 } }, { bfgs: { roughness: 0.02 } }, global],
  };
}

function rough(generator: string): unknown {
  return { 'levenberg-marquardt': { tolFun: 1e-3, refine: false, generator } };
}
