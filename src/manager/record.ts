import { compareRanked } from '../core/ranking.ts';
import type { LoggedRows } from '../log/contract.ts';
import { ValueHistory } from './history.ts';
import { Spread } from './spread.ts';

/** An evaluation that was the best when it came. */
export interface Incumbent {
  readonly callId: number;
  readonly optimizerId: number;
  readonly fx: number;
  readonly violation: number;
  /** All parameters, in task units. */
  readonly x: Float64Array;
}

/** What one optimizer achieved. */
export interface OptimizerRecord {
  readonly history: ValueHistory;
  evaluations: number;
  failed: number;
  best: { readonly callId: number; readonly fx: number; readonly violation: number } | undefined;
}

/** What is known of all committed evaluations of a run; its size does not grow with them. */
export class RunRecord {
  readonly #window: number;
  readonly #spread = new Spread();
  readonly #optimizers = new Map<number, OptimizerRecord>();
  readonly #ended = new Set<number>();
  #incumbent: Incumbent | undefined;

  /** @param window how many evaluations back hunters look */
  constructor(window: number) {
    this.#window = window;
  }

  get incumbent(): Incumbent | undefined {
    return this.#incumbent;
  }

  get spread(): number {
    return this.#spread.value;
  }

  open(optimizerId: number, type: string): OptimizerRecord {
    const record = {
      history: new ValueHistory(optimizerId, type, this.#window),
      evaluations: 0,
      failed: 0,
      best: undefined,
    };
    this.#optimizers.set(optimizerId, record);
    return record;
  }

  of(optimizerId: number): OptimizerRecord {
    return this.#optimizers.get(optimizerId)!;
  }

  /** Forgets ended optimizers, but not the one that holds the best value: hunters compare with it. */
  close(optimizerId: number): void {
    this.#ended.add(optimizerId);
    for (const id of this.#ended) {
      if (id === this.#incumbent?.optimizerId) continue;
      this.#ended.delete(id);
      this.#optimizers.delete(id);
    }
  }

  /** Takes in one committed row. @returns whether it is the new incumbent */
  add(optimizerId: number, callId: number, rows: LoggedRows, row: number, violation: number): boolean {
    const record = this.of(optimizerId);
    record.evaluations++;
    const fx = rows.fx[row]!;
    if (Number.isNaN(fx)) {
      record.failed++;
      return false;
    }
    // A censored value is a bound, not a value; an infeasible point's value says nothing about progress.
    if (rows.status(row) !== 'ok') return false;
    if (violation === 0) {
      record.history.push(fx);
      this.#spread.push(fx);
    }
    const ranked = { callId, fx, violation };
    if (record.best && compareRanked(ranked, record.best) >= 0) return false;
    record.best = ranked;
    if (this.#incumbent && compareRanked(ranked, this.#incumbent) >= 0) return false;
    const size = rows.x.length / rows.count;
    this.#incumbent = { ...ranked, optimizerId, x: rows.x.slice(row * size, (row + 1) * size) };
    return true;
  }
}
