import type { PastOptimizer } from '../conditions/past-optimizer.ts';
import type { Json } from '../core/json.ts';
import { compareRanked } from '../core/ranking.ts';
import type { OptimizerEnd, PastEvaluation } from '../log/contract.ts';
import type { Space } from '../space/space.ts';
import { History, type Window } from './history.ts';
import { Spent } from './spent.ts';
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
  readonly history: History;
  evaluations: number;
  /** How many of them used the budget. */
  counted: number;
  failed: number;
  best: Incumbent | undefined;
}

/** So many of the latest optimizers are remembered, with their best points. */
const MEMORY = 256;

/** What is known of all committed evaluations of a run; its size does not grow with them. */
export class RunRecord {
  readonly #space: Space;
  readonly #window: Window;
  readonly #spread = new Spread();
  readonly #columns: ReadonlyMap<string, Spread>;
  readonly #optimizers = new Map<number, OptimizerRecord>();
  readonly #ended = new Set<number>();
  /** By id, ascending; those that run have what they achieved in `#optimizers`. */
  readonly #past = new Map<number, { readonly type: number; ended?: PastOptimizer }>();
  readonly #spent: Spent;
  #incumbent: Incumbent | undefined;
  #improvedAt: number | undefined;
  #inVain = 0;

  /**
   * @param window how far back hunters look, and the columns that any condition looks at
   * @param types how many types of optimizers the configuration has
   */
  constructor(space: Space, window: Window, types: number) {
    this.#spent = new Spent(types);
    this.#space = space;
    this.#window = window;
    this.#columns = new Map(window.columns.map((name) => [name, new Spread()]));
  }

  get incumbent(): Incumbent | undefined {
    return this.#incumbent;
  }

  /** When the incumbent's evaluation ended, in milliseconds since the Unix epoch. */
  get improvedAt(): number | undefined {
    return this.#improvedAt;
  }

  get spread(): number {
    return this.#spread.value;
  }

  /** How many optimizers ended, since the last evaluation that counted, of which none counted. */
  get inVain(): number {
    return this.#inVain;
  }

  /** The best value and the spread of a column that somebody declared. */
  column(name: string): { readonly best: number; readonly spread: number } {
    const column = this.#columns.get(name);
    return {
      best: column?.best ?? NaN,
      // It takes sorting a thousand values.
      get spread() {
        return column?.value ?? 0;
      },
    };
  }

  /**
   * @param type the optimizer's place among the types of the configuration
   * @param restarts whether it searches on by itself after it has converged
   */
  open(optimizerId: number, name: string, type: number, restarts = false): OptimizerRecord {
    const record: OptimizerRecord = {
      history: new History({ id: optimizerId, type: name, restarts }, this.#window),
      evaluations: 0,
      counted: 0,
      failed: 0,
      best: undefined,
    };
    this.#optimizers.set(optimizerId, record);
    this.#past.set(optimizerId, { type });
    this.#spent.open(optimizerId, type);
    if (this.#past.size > MEMORY) for (const [id] of this.#past) if (this.#forget(id)) break;
    return record;
  }

  has(optimizerId: number): boolean {
    return this.#optimizers.has(optimizerId);
  }

  of(optimizerId: number): OptimizerRecord {
    return this.#optimizers.get(optimizerId)!;
  }

  /** Forgets the history of ended optimizers, but not of the one that holds the best value: hunters compare with it. */
  close(optimizerId: number, status: OptimizerEnd['status']): void {
    const { evaluations, counted } = this.of(optimizerId);
    if (evaluations > 0 && counted === 0) this.#inVain++;
    this.#spent.close(optimizerId, counted);
    const past = this.#past.get(optimizerId);
    if (past) past.ended = this.#pastOf(optimizerId, past.type, status);
    this.#ended.add(optimizerId);
    for (const id of this.#ended) {
      if (id === this.#incumbent?.optimizerId) continue;
      this.#ended.delete(id);
      this.#optimizers.delete(id);
    }
  }

  /**
   * The run that came before this one has ended.
   *
   * @param minima of its, the best first: those who decide about starts see them as optimizers that converged there, with ids up to 0
   */
  closePredecessor(optimizerId: number, minima: readonly Incumbent[]): void {
    this.#ended.add(optimizerId);
    this.#past.delete(optimizerId);
    for (const [i, { fx, x }] of [...minima.entries()].toReversed()) {
      const best = { fx, point: this.#space.toUnit(x) };
      const ended = { id: 0 - i, type: -1, state: 'converged', evaluations: 0, best } as const;
      this.#past.set(ended.id, { type: -1, ended });
    }
  }

  /** The latest optimizers, by id. */
  past(): readonly PastOptimizer[] {
    return [...this.#past].map(([id, { type, ended }]) => ended ?? this.#pastOf(id, type, 'live'));
  }

  /** See `RunSoFar.spent`. */
  spent(): readonly (readonly number[])[] {
    return this.#spent.list((id) => this.of(id).counted);
  }

  /** Takes in one evaluation that is in the log. @returns whether it is the new incumbent */
  add(evaluation: PastEvaluation): boolean {
    const { optimizerId, callId, fx, status, isCounted, violation, extras } = evaluation;
    const record = this.of(optimizerId);
    const { history } = record;
    record.evaluations++;
    if (isCounted) {
      record.counted++;
      this.#inVain = 0;
    }
    const hasFailed = Number.isNaN(fx);
    history.count(hasFailed);
    if (hasFailed) {
      record.failed++;
      return false;
    }
    // A censored value is a bound, not a value.
    if (status !== 'ok') return false;
    if (history.wantsPoints) history.pushPoint(this.#space.toUnit(evaluation.x()));
    // An infeasible point's value says nothing about progress.
    if (violation === 0) {
      history.push(fx);
      this.#spread.push(fx);
      if (extras) this.#addColumns(history, extras);
    }
    if (record.best && compareRanked({ fx, violation }, record.best) >= 0) return false;
    record.best = { callId, optimizerId, fx, violation, x: evaluation.x() };
    if (this.#incumbent && compareRanked(record.best, this.#incumbent) >= 0) return false;
    this.#incumbent = record.best;
    this.#improvedAt = evaluation.at();
    return true;
  }

  #addColumns(history: History, extras: Readonly<Record<string, Json>>): void {
    for (const [column, spread] of this.#columns) {
      const value = extras[column.slice('extras.'.length)];
      if (typeof value !== 'number' || !Number.isFinite(value)) continue;
      history.pushColumn(column, value);
      spread.push(value);
    }
  }

  #pastOf(id: number, type: number, state: PastOptimizer['state']): PastOptimizer {
    const { evaluations, best } = this.of(id);
    const isFeasible = best?.violation === 0;
    return {
      id,
      type,
      state,
      evaluations,
      best: isFeasible ? { fx: best.fx, point: this.#space.toUnit(best.x) } : undefined,
    };
  }

  #forget(id: number): boolean {
    return this.#past.get(id)?.ended !== undefined && this.#past.delete(id);
  }
}
