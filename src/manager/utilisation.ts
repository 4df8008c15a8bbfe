import type { UtilisationFigures } from '../log/figures.ts';
import type { LiveOptimizer } from './live-optimizer.ts';

/** Below this, somebody may want to know why. */
const LOW = 0.85;

interface Account {
  readonly type: string;
  readonly workers: number;
  batchSize: number;
  busyMs: number;
  slotMs: number;
}

/**
 * How much of their slots' time optimizers spend evaluating, from when they are ready to their last batch, and what would raise it
 * where it is low.
 */
export class Utilisation {
  readonly #accounts = new Map<string, Account>();

  /** @param durations of evaluations that were committed, in milliseconds */
  evaluated(optimizer: LiveOptimizer, durations: Float64Array): void {
    const account = this.#accountOf(optimizer);
    for (const duration of durations) account.busyMs += duration;
  }

  /** @param now milliseconds of the clock that never goes backwards */
  ended(optimizer: LiveOptimizer, now: number): void {
    if (optimizer.readyAt === undefined) return;
    const account = this.#accountOf(optimizer);
    account.slotMs += optimizer.use.workers * (now - optimizer.readyAt);
  }

  figures(): UtilisationFigures {
    const all = [...this.#accounts.values()].filter(({ slotMs }) => slotMs > 0);
    const sum = (of: (account: Account) => number): number => all.reduce((total, one) => total + of(one), 0);
    const slotMs = sum((account) => account.slotMs);
    return {
      share: slotMs > 0 ? Math.min(1, sum((account) => account.busyMs) / slotMs) : 0,
      advice: all.map(adviceFor).filter((advice) => advice !== undefined),
    };
  }

  #accountOf({ use, batchSize }: LiveOptimizer): Account {
    const key = `${use.name} ${use.workers}`;
    let account = this.#accounts.get(key);
    if (!account) {
      account = { type: use.name, workers: use.workers, batchSize, busyMs: 0, slotMs: 0 };
      this.#accounts.set(key, account);
    }
    account.batchSize = batchSize;
    return account;
  }
}

/** The workers of a generational optimizer wait for the slowest of each generation; how many wait how long is its own setting. */
function adviceFor({ type, workers, batchSize, busyMs, slotMs }: Account): string | undefined {
  const share = busyMs / slotMs;
  if (share >= LOW || workers === 1) return undefined;
  const waves = Math.ceil(batchSize / workers);
  const most = batchSize / (waves * workers);
  const measured = `${type} used ${Math.round(100 * share)} % of its ${workers} workers`;
  if (batchSize < workers)
    return `${measured}: it evaluates ${batchSize} at once; workers: ${batchSize} would do, or a larger populationSize`;
  if (most < 0.95)
    return `${measured}: ${batchSize} points a generation leave some idle in its last wave; populationSize: ${waves * workers} would fill it`;
  return `${measured}: they wait for the slowest of each generation, or the task is too quick for so many`;
}
