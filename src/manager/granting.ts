import type { CreditLedger } from './credits.ts';
import type { LiveOptimizer } from './live-optimizer.ts';

/** How much work a host should have in hand, so that it is never idle while the manager commits. */
const LOOK_AHEAD_SECONDS = 0.1;
/** What a crash of the manager can cost is bounded by the credits that are out. */
const MOST_CREDITS = 4096;

/** How many credits an optimizer should have: enough for one iteration and for all its workers, more when it is fast. */
function wanted({ batchSize, use, rate }: LiveOptimizer): number {
  const least = Math.max(batchSize, 2 * use.workers);
  return Math.min(MOST_CREDITS, Math.max(least, Math.ceil(rate * LOOK_AHEAD_SECONDS)));
}

/**
 * Fills up the optimizers' credits, as far as the budget goes. Nobody gets more than half of an even share of what is left, so that
 * a small budget is not used up while others start, and the last evaluations are spread over all.
 *
 * @param claimants how many optimizers there are, those that are still starting included
 * @returns the optimizers that got some, which have to be told
 */
export function grantCredits(
  working: readonly LiveOptimizer[],
  claimants: number,
  credits: CreditLedger,
): readonly LiveOptimizer[] {
  const granted: LiveOptimizer[] = [];
  for (const optimizer of working) {
    const { grantable } = credits;
    if (grantable <= 0) break;
    const missing = wanted(optimizer) - credits.outstandingOf(optimizer.id);
    const share = Math.ceil(grantable / (2 * claimants));
    const count = Math.min(missing, share);
    if (count <= 0) continue;
    optimizer.grant(credits.grant(optimizer.id, count));
    granted.push(optimizer);
  }
  return granted;
}
