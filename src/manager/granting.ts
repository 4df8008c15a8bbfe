import type { CreditLedger } from './credits.ts';
import type { LiveOptimizer } from './live-optimizer.ts';

/** How much work a host should have in hand, so that it is never idle while the manager commits. */
const LOOK_AHEAD_SECONDS = 0.1;
/** The same on other machines: quick evaluations go there in chunks that take 40 ms, and have to be known in time. */
const LOOK_AHEAD_ELSEWHERE_SECONDS = 0.4;
/** What a crash of the manager can cost is bounded by the credits that are out. */
const MOST_CREDITS = 4096;

/** What granting needs to know of an optimizer. */
export type Claimant = Pick<LiveOptimizer, 'id' | 'batchSize' | 'rate' | 'grant'> & {
  readonly use: Pick<LiveOptimizer['use'], 'workers' | 'evaluate'>;
};

/** How many credits an optimizer should have: enough for one iteration and for all its workers, more when it is fast. */
function wanted({ batchSize, use, rate }: Claimant): number {
  const least = Math.max(batchSize, 2 * use.workers);
  const seconds = use.evaluate === 'cluster' ? LOOK_AHEAD_ELSEWHERE_SECONDS : LOOK_AHEAD_SECONDS;
  return Math.min(MOST_CREDITS, Math.max(least, Math.ceil(rate * seconds)));
}

/**
 * Fills up the optimizers' credits, the neediest first. Nobody holds more than the share of what is left of the budget that its workers
 * are of all: so a small budget is not used up while others start, and at the end all run out of work at the same time.
 *
 * @param claimants how many optimizers there are, those that are still starting included
 * @returns the optimizers that got some, which have to be told
 */
export function grantCredits<Optimizer extends Claimant>(
  working: readonly Optimizer[],
  claimants: number,
  credits: CreditLedger,
): readonly Optimizer[] {
  const granted: Optimizer[] = [];
  const workers = working.reduce((sum, { use }) => sum + use.workers, 0);
  // Those that are still starting are taken to be like the others.
  const share = ((credits.budget - credits.counted) / workers) * (working.length / claimants);
  const held = ({ id, use }: Optimizer): number => credits.outstandingOf(id) / use.workers;
  for (const optimizer of working.toSorted((a, b) => held(a) - held(b))) {
    const most = Math.min(wanted(optimizer), Math.ceil(share * optimizer.use.workers));
    const count = Math.min(most - credits.outstandingOf(optimizer.id), credits.grantable);
    if (count <= 0) continue;
    optimizer.grant(credits.grant(optimizer.id, count));
    granted.push(optimizer);
  }
  return granted;
}
