import { BareLauncher } from '../backends/hosts/bare.ts';
import { resolveConfig } from '../config/resolve.ts';
import { systemClock } from '../core/clock.ts';
import type { JsonObject } from '../core/json.ts';
import { wordsAt } from '../core/random.ts';
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

/**
 * Runs a configuration on a problem: a managed run in rounds, inline, whose log is forgotten but for what it reached and when.
 *
 * Where gradients cost more than values, the run itself, which counts calls, does not know when its budget is used up; it is stopped then.
 */
export async function solve({
  config,
  suite,
  problem,
  seed,
  budget,
  gradientCost,
}: Assignment): Promise<Outcome> {
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
  const log = new TallyLog(resolved.parameters.length, tally, () => {
    run.stop(`max-evaluations: ${budget}`);
  });
  await using launcher = new BareLauncher(systemClock);
  const run = new Run(resolved, { clock: systemClock, log, launcher, runDir: '' });
  const { stopReason, wallSeconds } = await run.start();
  return { ...tally.outcome, wallSeconds, stopReason, runSeed: own };
}

/** The seed of a run: the same for every configuration, and another one for every problem. */
function runSeed(suite: string, { function: name, dimension, instance }: Problem, seed: number): number {
  const [high, low] = wordsAt(seed, `bench/${suite}/${name}`, dimension, instance);
  return (high & 0xffff) * 4294967296 + low;
}
