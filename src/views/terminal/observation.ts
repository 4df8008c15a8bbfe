import type { LoggedEvent } from '../../log/contract.ts';
import type { RunProgress } from '../../log/figures.ts';
import { formatEvent } from '../format.ts';
import type { WatchedRun } from '../watch.ts';
import { RateMeter } from './rate.ts';
import { Trail } from './trail.ts';

/** As many of each kind are kept. */
const MOST_TOLD = 6;

/** What happened, in a line. */
export interface Told {
  readonly callId: number;
  readonly text: string;
}

/** All that a picture of a run shows. */
export interface Scene {
  readonly progress: RunProgress;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** Evaluations a second; `undefined` while nobody can tell. */
  readonly rate: number | undefined;
  /** Until the budget of evaluations or of time is spent, as far as one can tell. */
  readonly secondsLeft: number | undefined;
  /** Why it stands still, where that is known. */
  readonly pauseReason: string | undefined;
  /** Best values of each live optimizer, oldest first. */
  readonly trails: ReadonlyMap<number, readonly number[]>;
  readonly kills: readonly Told[];
  /** What else happened. */
  readonly notices: readonly Told[];
}

/** Gathers what a picture needs and a run does not keep: how its values came about, and what happened last. */
export class Observation implements Disposable {
  readonly #run: WatchedRun;
  readonly #subscription: { unsubscribe(): void };
  readonly #rate = new RateMeter();
  readonly #trails = new Map<number, Trail>();
  readonly #kills: Told[] = [];
  readonly #notices: Told[] = [];
  #pauseReason: string | undefined;

  constructor(run: WatchedRun) {
    this.#run = run;
    this.#subscription = run.events$.subscribe((event) => {
      this.#take(event);
    });
  }

  /** @returns `undefined` before the run has begun */
  scene(now: number): Scene | undefined {
    const progress = this.#run.progress();
    if (!progress) return undefined;
    const { evaluations, elapsedSeconds, live, isPaused } = progress;
    const rate = this.#rate.sample(elapsedSeconds, evaluations);
    const isLive = new Set(live.map(({ id }) => id));
    for (const id of this.#trails.keys()) if (!isLive.has(id)) this.#trails.delete(id);
    for (const { id, best } of live) if (best !== null) this.#trailOf(id).push(best);
    return {
      progress,
      now,
      rate,
      secondsLeft: secondsLeft(progress, rate),
      pauseReason: isPaused ? this.#pauseReason : undefined,
      trails: new Map(Array.from(this.#trails, ([id, trail]) => [id, trail.values])),
      kills: this.#kills,
      notices: this.#notices,
    };
  }

  #trailOf(id: number): Trail {
    const trail = this.#trails.get(id) ?? new Trail();
    this.#trails.set(id, trail);
    return trail;
  }

  #take(event: LoggedEvent): void {
    if (event.type === 'pause') this.#pauseReason = event.message;
    const text = formatEvent(event);
    if (text === undefined) return;
    const list = event.type === 'kill' ? this.#kills : this.#notices;
    list.push({ callId: event.callId, text });
    if (list.length > MOST_TOLD) list.shift();
  }

  [Symbol.dispose](): void {
    this.#subscription.unsubscribe();
  }
}

function secondsLeft(
  { evaluations, budget, secondsLeft: byTime }: RunProgress,
  rate: number | undefined,
): number | undefined {
  const byEvaluations = rate === undefined ? Infinity : Math.max(0, budget - evaluations) / rate;
  const left = Math.min(byEvaluations, byTime ?? Infinity);
  return Number.isFinite(left) && left > 0 ? left : undefined;
}
