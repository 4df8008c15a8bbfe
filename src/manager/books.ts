import type { RunSoFar } from '../conditions/past-optimizer.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { Space } from '../space/space.ts';
import { Chronicle } from './chronicle.ts';
import { CreditLedger } from './credits.ts';
import type { Distance } from './geometry.ts';
import type { Window } from './history.ts';
import { Knowledge } from './knowledge.ts';
import { Minima } from './minima.ts';
import { Predecessor } from './predecessor.ts';
import { RunRecord } from './record.ts';
import { Reevaluation } from './reevaluation.ts';
import { Roster } from './roster.ts';
import { Utilisation } from './utilisation.ts';
import type { ManagerWorld } from './world.ts';

/** All that a run keeps account of. */
export interface Books {
  readonly space: Space;
  readonly credits: CreditLedger;
  readonly record: RunRecord;
  readonly roster: Roster;
  readonly chronicle: Chronicle;
  readonly utilisation: Utilisation;
  readonly minima: Minima;
  readonly reevaluation: Reevaluation;
  /** For each live optimizer, the latest call that it was shown. */
  readonly shown: Map<number, number>;
  readonly knowledge: Knowledge;
  readonly predecessor: Predecessor;
}

/**
 * @param window how far back conditions look
 * @param limit how many evaluations there may be in all
 */
export function openBooks(
  config: RunConfig,
  { log, clock }: ManagerWorld,
  space: Space,
  distance: Distance,
  window: Window,
  limit: number,
): Books {
  const { maxJobs, minimaTolerance } = config.manager;
  const reevaluation = new Reevaluation(config);
  const credits = new CreditLedger(limit - reevaluation.reserved);
  const record = new RunRecord(space, window, config.optimizers.use.length);
  return {
    space,
    credits,
    record,
    roster: new Roster(maxJobs),
    chronicle: new Chronicle(log, clock, () => credits.calls),
    utilisation: new Utilisation(),
    minima: new Minima(space, distance, minimaTolerance),
    reevaluation,
    shown: new Map(),
    knowledge: new Knowledge(config, log, clock, () => credits.calls),
    predecessor: new Predecessor(config.warmStart, record, log),
  };
}

/** The run as those see it who decide about the next optimizer. */
export function runSoFar({ space, credits, record, roster }: Books): RunSoFar {
  const { incumbent, spread } = record;
  const isFeasible = incumbent?.violation === 0;
  return {
    optimizerId: roster.started + 1,
    evaluations: credits.counted,
    budget: credits.budget,
    optimizers: record.past(),
    spent: record.spent(),
    incumbent: isFeasible ? { fx: incumbent.fx, point: space.toUnit(incumbent.x) } : undefined,
    spread,
  };
}
