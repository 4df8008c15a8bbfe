/** Plays all arms of `bench/managed.ts` on one problem with one seed. */
import { type Assignment, play } from '../src/bench/solve.ts';
import type { Problem } from '../src/bench/problem.ts';
import { findSuite, yardstickOf } from '../src/bench/suites.ts';
import { options } from '../src/core/options.ts';
import type { JsonObject } from '../src/core/json.ts';
import type { Hunter, HunterComponent } from '../src/hunters/contract.ts';
import { hunters } from '../src/hunters/registry.ts';

/** Evaluations for each dimension after which arms are compared. */
export const BUDGETS: readonly number[] = [100, 1000, 10_000];

const MANAGER = { backend: 'inline', containment: 'none', reproducible: true };
/** With one slot there would be but one victim to draw, and with two hardly another, as the holder of the best value is immune. */
const cmaEs = { optimizers: { use: ['cma-es'] }, manager: { ...MANAGER, maxJobs: 4 } };
/** As one BIPOP-CMA-ES has. */
const ONE_SLOT = { ...MANAGER, maxJobs: 1 };

/** Those of the protocol; R is made of what M did. */
export const ARMS = ['U', 'M', 'R', 'B', 'P', 'PM'] as const;
export type Arm = (typeof ARMS)[number];

export interface Job {
  readonly suite: string;
  readonly problem: Problem;
  readonly seed: number;
  readonly perDimension: number;
}

export interface ArmOutcome {
  readonly arm: Arm;
  readonly evaluations: number;
  /** The least difference from the optimum after each of `BUDGETS` that the run was given; `Infinity` where nothing had a value. */
  readonly bests: readonly number[];
  readonly hits: readonly (number | null)[];
  readonly started: number;
  readonly killed: number;
}

/** At or after each of these calls it names a victim drawn from those that may be killed: as many as were killed elsewhere, at the same times. */
const randomVictims: HunterComponent<{ readonly at?: readonly number[] }> = {
  name: 'random-victims',
  summary: 'as many victims as there were calls in its list so far, at random',
  options: options({
    at: {
      description: 'calls, ascending',
      type: 'array',
      items: { description: 'a call', type: 'number', minimum: 0 },
    },
  }),
  create({ at = [] }, setup): Hunter {
    let named = 0;
    let call = -1;
    let victims: readonly number[] = [];
    return {
      name: randomVictims.name,
      examine({ callId, candidates, victim }) {
        if (callId !== call) {
          call = callId;
          const due = at.filter((one) => one <= callId).length - named;
          const draw = (id: number): number => setup.draw(callId, id);
          victims = candidates.toSorted((a, b) => draw(a) - draw(b)).slice(0, Math.max(0, due));
          named += victims.length;
        }
        return { holds: victims.includes(victim.id), detail: 'drawn' };
      },
    };
  },
};
hunters.addPlugin(randomVictims);

export default async function playAll(job: Job): Promise<readonly ArmOutcome[]> {
  const managed = await playArm('M', { ...cmaEs }, job);
  const configs: readonly (readonly [Arm, JsonObject])[] = [
    ['U', { ...cmaEs, hunters: 'none' }],
    ['R', { ...cmaEs, hunters: { 'random-victims': { at: [...managed.killedAt] } } }],
    [
      'B',
      {
        optimizers: { use: [{ 'cma-es': { restarts: 'bipop' } }] },
        hunters: 'none',
        manager: ONE_SLOT,
      },
    ],
    ['P', { hunters: 'none', manager: ONE_SLOT }],
    ['PM', { manager: ONE_SLOT }],
  ];
  const outcomes = [managed.outcome];
  for (const [arm, config] of configs) outcomes.push((await playArm(arm, config, job)).outcome);
  return outcomes;
}

async function playArm(
  arm: Arm,
  config: JsonObject,
  { suite, problem, seed, perDimension }: Job,
): Promise<{ readonly outcome: ArmOutcome; readonly killedAt: readonly number[] }> {
  const budget = perDimension * problem.dimension;
  const assignment: Assignment = { config, suite, problem, seed, budget, gradientCost: 1 };
  const yardstick = yardstickOf(findSuite(suite), problem);
  const limits = BUDGETS.filter((one) => one <= perDimension).map((one) => one * problem.dimension);
  const bests = limits.map(() => Infinity);
  let count = 0;
  const { evaluations, hits, log } = await play(assignment, ({ fx, violation }) => {
    count++;
    if (!(violation === 0)) return;
    const difference = Math.max((fx - yardstick.optimum) / yardstick.scale, yardstick.precision);
    for (const [i, limit] of limits.entries())
      if (count <= limit && difference < bests[i]!) bests[i] = difference;
  });
  const killedAt = log.events().flatMap(({ type, callId }) => (type === 'kill' ? [callId] : []));
  const outcome = {
    arm,
    evaluations,
    bests,
    hits,
    started: log.optimizers().length,
    killed: killedAt.length,
  };
  return { killedAt, outcome };
}
