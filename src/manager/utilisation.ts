import type { IdleTime } from '../backends/idle-time.ts';
import { DurationCounts } from '../core/quantiles.ts';
import type { SlotTime, UtilisationFigures } from '../log/figures.ts';
import { optimizers } from '../optimizers/registry.ts';
import type { LiveOptimizer } from './live-optimizer.ts';

/** Below this, somebody may want to know why. */
const LOW = 0.85;

/** How many points a generation has, as optimizers call it. */
const SETTINGS = ['populationSize', 'swarmSize', 'chains'] as const;

/** Slot-milliseconds of the optimizers of one kind. */
interface Account {
  readonly type: string;
  readonly workers: number;
  batchSize: number;
  /** From their starts to their last batches, had they had slots for all their workers. */
  wanted: number;
  /** The part of it for which there were slots. */
  all: number;
  startUp: number;
  evaluating: number;
  credits: number;
  maths: number;
}

/** What is known of one optimizer while it holds slots. */
interface Spell {
  readonly optimizer: LiveOptimizer;
  readonly startedAt: number;
  /** Of `#provided`, at its start. */
  readonly providedBefore: number;
  evaluating: number;
  idle: IdleTime;
}

/**
 * Where the time of optimizers' slots goes, and what would raise the share that goes into evaluations where it is low. Times are of the
 * clock that never goes backwards. Where slots come and go, optimizers may have more workers than there are slots, which they share.
 */
export class Utilisation {
  readonly #accounts = new Map<string, Account>();
  readonly #spells = new Map<number, Spell>();
  readonly #acknowledgements = new DurationCounts();
  #slots = Infinity;
  /** The time integral of the part of all workers for which there were slots, up to `#providedUntil`. */
  #provided = 0;
  #providedUntil = 0;

  /** There are more slots from now on, or fewer, and perhaps fewer than workers. */
  resized(slots: number, now: number): void {
    this.#providedAt(now);
    this.#slots = slots;
  }

  started(optimizer: LiveOptimizer, now: number): void {
    this.#spells.set(optimizer.id, {
      optimizer,
      startedAt: now,
      providedBefore: this.#providedAt(now),
      evaluating: 0,
      idle: { credits: 0, maths: 0 },
    });
  }

  /** It goes on in another host, which counts its idle time from the beginning. */
  replaced(optimizer: LiveOptimizer, now: number): void {
    this.ended(optimizer, now);
    this.started(optimizer, now);
  }

  /**
   * @param durations of evaluations that were committed, in milliseconds
   * @param idle of its workers since its start
   */
  evaluated({ id }: LiveOptimizer, durations: Float64Array, idle: IdleTime): void {
    const spell = this.#spells.get(id);
    if (!spell) return;
    for (const duration of durations) spell.evaluating += duration;
    spell.idle = idle;
  }

  /** @param after how long evaluations waited to be acknowledged: counts of `DurationCounts` */
  acknowledged(after: Uint32Array | undefined): void {
    if (after) this.#acknowledgements.merge(after);
  }

  ended({ id }: LiveOptimizer, now: number): void {
    const spell = this.#spells.get(id);
    if (!spell) return;
    const provided = this.#providedAt(now);
    this.#spells.delete(id);
    const key = keyOf(spell);
    this.#accounts.set(key, added(spell, now, provided, this.#accounts.get(key)));
  }

  /** Of all optimizers up to now. */
  figures(now: number): UtilisationFigures {
    const accounts = new Map(this.#accounts);
    const provided = this.#providedAt(now);
    for (const spell of this.#spells.values()) {
      const key = keyOf(spell);
      accounts.set(key, added(spell, now, provided, accounts.get(key)));
    }
    const all = [...accounts.values()];
    const sum = (of: (account: Account) => number): number => all.reduce((total, one) => total + of(one), 0);
    const total = sum((account) => account.all);
    const share = (part: number): number => (total > 0 ? Math.min(1, part / total) : 0);
    const evaluating = share(sum((account) => account.evaluating));
    const startUp = share(sum((account) => account.startUp));
    const credits = share(sum((account) => account.credits));
    const maths = share(sum((account) => account.maths));
    const time: SlotTime = {
      evaluating,
      startUp,
      credits,
      maths,
      // What nobody measured: workers that wait until the slowest of their generation is done, and what messages take.
      stragglers: total > 0 ? Math.max(0, 1 - evaluating - startUp - credits - maths) : 0,
    };
    const advice = all.map(adviceFor).filter((one) => one !== undefined);
    return { share: evaluating, time, advice, acknowledgement: this.#acknowledgement() };
  }

  #providedAt(now: number): number {
    const workers = [...this.#spells.values()].reduce((sum, { optimizer }) => sum + optimizer.use.workers, 0);
    const part = workers === 0 ? 1 : Math.min(1, this.#slots / workers);
    // Ends are told a little after they were.
    this.#provided += part * Math.max(0, now - this.#providedUntil);
    this.#providedUntil = Math.max(this.#providedUntil, now);
    return this.#provided;
  }

  #acknowledgement(): UtilisationFigures['acknowledgement'] {
    const p99Ms = this.#acknowledgements.quantile(0.99);
    if (Number.isNaN(p99Ms)) return null;
    return { medianMs: round(this.#acknowledgements.quantile(0.5)), p99Ms: round(p99Ms) };
  }
}

function round(ms: number): number {
  return Number(ms.toPrecision(3));
}

function keyOf({ optimizer }: Spell): string {
  return `${optimizer.use.name} ${optimizer.use.workers}`;
}

/** @param provided up to now, as the integral of the part of all workers for which there were slots */
function added(
  { optimizer, startedAt, providedBefore, evaluating, idle }: Spell,
  now: number,
  provided: number,
  to?: Account,
): Account {
  const { use, batchSize, readyAt = now } = optimizer;
  const { workers } = use;
  const time = now - startedAt;
  const part = time > 0 ? Math.min(1, (provided - providedBefore) / time) : 1;
  return {
    type: use.name,
    workers,
    batchSize,
    wanted: (to?.wanted ?? 0) + workers * time,
    all: (to?.all ?? 0) + part * workers * time,
    startUp: (to?.startUp ?? 0) + part * workers * (readyAt - startedAt),
    evaluating: (to?.evaluating ?? 0) + evaluating,
    credits: (to?.credits ?? 0) + idle.credits,
    maths: (to?.maths ?? 0) + idle.maths,
  };
}

function workersOf(count: number): string {
  return count === 1 ? '1 worker' : `${count} workers`;
}

/** The workers of a generational optimizer wait for the slowest of each generation; how many wait how long is its own setting. */
function adviceFor(account: Account): string | undefined {
  const { type, workers, batchSize, wanted, all, startUp, evaluating, maths } = account;
  if (all < LOW * wanted)
    return `${type} with ${workersOf(workers)} had ${((workers * all) / wanted).toPrecision(2)} slots on average: on other machines are fewer than optimizers could use`;
  const working = all - startUp;
  const share = evaluating / working;
  if (!(working > 0) || share >= LOW) return undefined;
  const measured = `${type} used ${Math.round(100 * share)} % of its ${workers === 1 ? 'worker' : workersOf(workers)}`;
  if (maths > 0.5 * (working - evaluating))
    return `${measured}: mostly it computes points itself; a cheaper optimizer would use them better`;
  if (workers === 1) return undefined;
  // Those that are no generations of anything ask for one at a time, or for as many as they may.
  if (batchSize === 1)
    return `${measured}: it has not enough points at once for more, or its evaluations are slow to begin and to end; fewer workers would do`;
  const waves = Math.ceil(batchSize / workers);
  const most = batchSize / (waves * workers);
  const setting = SETTINGS.find(
    (name) => optimizers.has(type) && name in optimizers.get(type).options.properties,
  );
  if (batchSize < workers)
    return `${measured}: it evaluates ${batchSize} at once; workers: ${batchSize} would do${setting === undefined ? '' : `, or a larger ${setting}`}`;
  if (most < 0.95)
    return `${measured}: ${batchSize} points a generation leave some idle in its last wave; ${setting === undefined ? `workers: ${Math.ceil(batchSize / waves)} would do` : `${setting}: ${waves * workers} would fill it`}`;
  return `${measured}: they wait for the slowest of each generation, or the task is too quick for so many`;
}
