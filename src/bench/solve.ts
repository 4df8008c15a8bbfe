import { BareLauncher } from '../backends/hosts/bare.ts';
import { resolveConfig } from '../config/resolve.ts';
import { systemClock } from '../core/clock.ts';
import type { JsonObject } from '../core/json.ts';
import { wordsAt } from '../core/random.ts';
import type { PastEvaluation } from '../log/contract.ts';
import type { MemoryLog } from '../log/memory-log.ts';
import { Run } from '../manager/run.ts';
import type { Outcome, Problem } from './problem.ts';
import { findSuite, yardstickOf } from './suites.ts';
import { TallyLog } from './tally-log.ts';
import { LAST_TARGET, Tally } from './targets.ts';

/** A configuration, ready for any problem; plain data. */
export interface Assignment {
  readonly config: JsonObject;
  readonly suite: string;
  readonly problem: Problem;
  readonly seed: number;
  readonly budget: number;
  /** A call that returned a gradient counts as so many evaluations. */
  readonly gradientCost: number;
}

/** A run that is over, and all that it did but its evaluations. */
export interface Played extends Outcome {
  readonly log: MemoryLog;
}

/** What came of a configuration on a problem. */
export async function solve(assignment: Assignment): Promise<Outcome> {
  const { log: _, ...outcome } = await play(assignment);
  return outcome;
}

/**
 * Runs a configuration on a problem: a managed run in rounds, inline, whose log is forgotten but for what it reached and when.
 *
 * Where gradients cost more than values, the run itself, which counts calls, does not know when its budget is used up; it is stopped then.
 *
 * @param watch is shown every evaluation, in the order of the log
 */
export async function play(
  { config, suite, problem, seed, budget, gradientCost }: Assignment,
  watch: (evaluation: PastEvaluation) => void = () => {},
): Promise<Played> {
  const own = runSeed(suite, problem, seed);
  const yardstick = yardstickOf(findSuite(suite), problem);
  const tolerance = 0.999 * Math.max(LAST_TARGET, yardstick.precision) * yardstick.scale;
  const resolved = await resolveConfig(
    {
      ...config,
      task: problem.task,
      stop: {
        any: [
          { 'max-evaluations': { evaluations: budget } },
          { 'target-value': { target: yardstick.optimum, tolerance } },
        ],
      },
      manager: { ...(config['manager'] as JsonObject), seed: own },
    },
    { baseDir: '/' },
  );
  const tally = new Tally(yardstick, { budget, gradientCost });
  const onSpent = (): void => {
    run.stop(`max-evaluations: ${budget}`);
  };
  const log = new TallyLog(resolved.parameters.length, tally, { watch, onSpent });
  await using launcher = new BareLauncher(systemClock);
  const run = new Run(resolved, { clock: systemClock, log, launcher, runDir: '' });
  const { stopReason, wallSeconds } = await run.start();
  return { ...tally.outcome, log, wallSeconds, stopReason, runSeed: own };
}

/** The seed of a run: the same for every configuration, and another one for every problem. */
function runSeed(suite: string, { function: name, dimension, instance }: Problem, seed: number): number {
  const [high, low] = wordsAt(seed, `bench/${suite}/${name}`, dimension, instance);
  return (high & 0xffff) * 4294967296 + low;
}
