import { BareLauncher } from '../backends/hosts/bare.ts';
import { resolveConfig } from '../config/resolve.ts';
import { systemClock } from '../core/clock.ts';
import type { JsonObject } from '../core/json.ts';
import { wordsAt } from '../core/random.ts';
import { MemoryLog } from '../log/memory-log.ts';
import { Run } from '../manager/run.ts';
import type { Outcome, Problem, Yardstick } from './problem.ts';
import { findSuite, yardstickOf } from './suites.ts';
import { LAST_TARGET, readHits } from './targets.ts';

/** A configuration, ready for any problem; plain data. */
export interface Assignment {
  readonly config: JsonObject;
  readonly suite: string;
  readonly problem: Problem;
  readonly seed: number;
  readonly budget: number;
}

/** A run that is over, and what its values mean. */
export interface Played {
  readonly log: MemoryLog;
  readonly yardstick: Yardstick;
  readonly stopReason: string;
  readonly wallSeconds: number;
  readonly runSeed: number;
}

/** Runs a configuration on a problem: a managed run in rounds, inline, whose log is forgotten but for what it reached and when. */
export async function solve(assignment: Assignment): Promise<Outcome> {
  const { log, yardstick, ...rest } = await play(assignment);
  return { ...readHits(log.evaluations(), yardstick), ...rest };
}

/** The same, with all that happened. */
export async function play({ config, suite, problem, seed, budget }: Assignment): Promise<Played> {
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
  const log = new MemoryLog(resolved.parameters.length);
  await using launcher = new BareLauncher(systemClock);
  const run = new Run(resolved, { clock: systemClock, log, launcher, runDir: '' });
  const { stopReason, wallSeconds } = await run.start();
  return { log, yardstick, stopReason, wallSeconds, runSeed: own };
}

/** The seed of a run: the same for every configuration, and another one for every problem. */
function runSeed(suite: string, { function: name, dimension, instance }: Problem, seed: number): number {
  const [high, low] = wordsAt(seed, `bench/${suite}/${name}`, dimension, instance);
  return (high & 0xffff) * 4294967296 + low;
}
