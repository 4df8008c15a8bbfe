import { CodedError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type {
  Arrival,
  Arrived,
  BatchCommit,
  Checkpoint,
  LoggedEvent,
  LoggedKnown,
  LoggedOptimizer,
  LoggedPast,
  LoggedRows,
  OptimizerEnd,
  OptimizerStart,
  PastEvaluation,
  RunLog,
} from './contract.ts';
import { inOrder, readMemory } from './memory-rows.ts';

/** Rows with the call ids that they got. */
export interface NumberedRows {
  readonly optimizerId: number;
  readonly firstCallId: number;
  readonly rows: LoggedRows;
}

/**
 * A run log that ends with its process, for short runs of cheap functions by the thousand: what the manager reads back is what the file would
 * have told it. There is nothing to resume from, and a transaction that fails leaves what it wrote, as its run fails with it.
 */
export class MemoryLog implements RunLog {
  readonly #size: number;
  readonly #keep: number;
  readonly #optimizers: LoggedOptimizer[] = [];
  readonly #batches: NumberedRows[] = [];
  readonly #events: LoggedEvent[] = [];
  readonly #facts: Record<string, JsonObject[string]> = {};
  readonly #checkpoints: Checkpoint[] = [];
  /** Of the round that is under way. */
  #arrivals: Arrival[] = [];

  /**
   * @param size how many parameters a point has
   * @param keep how many of the latest calls are kept at least; those before them are forgotten
   */
  constructor(size: number, keep: number = Infinity) {
    this.#size = size;
    this.#keep = keep;
  }

  startOptimizer(start: OptimizerStart): void {
    this.#optimizers.push({ place: -1, ...start, version: null, batchSize: null, status: 'running' });
  }

  setReady(optimizerId: number, version: number, batchSize: number): void {
    this.#change(optimizerId, { version, batchSize });
  }

  endOptimizer({ optimizerId, status }: OptimizerEnd): void {
    this.#change(optimizerId, { status });
  }

  reviveOptimizers(optimizerIds: readonly number[]): void {
    for (const id of optimizerIds) this.#change(id, { status: 'running' });
  }

  #change(optimizerId: number, change: Partial<LoggedOptimizer>): void {
    const at = this.#optimizers.findLastIndex((one) => one.optimizerId === optimizerId);
    this.#optimizers[at] = { ...this.#optimizers[at]!, ...change };
  }

  commit({ optimizerId, firstCallId, rows }: BatchCommit): void {
    if (rows.count > 0) this.#batches.push({ optimizerId, firstCallId, rows });
  }

  arrive(arrival: Arrival): void {
    this.#arrivals.push(arrival);
  }

  settleRound(firstCallId: number): void {
    let next = firstCallId;
    for (const { optimizerId, rows } of inOrder(this.#arrivals, this.#size)) {
      if (rows.count > 0) this.#batches.push({ optimizerId, firstCallId: next, rows });
      next += rows.count;
    }
    this.#arrivals = [];
    this.#forget(next - this.#keep);
  }

  /** Many at once, as all that stay are moved. */
  #forget(before: number): void {
    const kept = this.#indexOf(before);
    if (before - (this.#batches[0]?.firstCallId ?? Infinity) > this.#keep) this.#batches.splice(0, kept);
  }

  arrived(): readonly Arrived[] {
    const counts = new Map<number, { rows: number; counted: number }>();
    for (const { optimizerId, rows } of this.#arrivals) {
      if (rows.count === 0) continue;
      const so = counts.get(optimizerId) ?? { rows: 0, counted: 0 };
      so.rows += rows.count;
      for (const one of rows.counted) so.counted += one;
      counts.set(optimizerId, so);
    }
    return [...counts]
      .map(([optimizerId, count]) => ({ optimizerId, ...count }))
      .toSorted((a, b) => a.optimizerId - b.optimizerId);
  }

  evaluations(from = 0): Iterable<PastEvaluation> {
    return readMemory(this.#batches, this.#indexOf(from + 1), from, this.#size);
  }

  point(callId: number): { readonly x: Float64Array; readonly fx: number } | undefined {
    const batch = this.#batches[this.#indexOf(callId)];
    const row = callId - (batch?.firstCallId ?? Infinity);
    if (!batch || row < 0) return undefined;
    const { x, fx } = batch.rows;
    return { x: x.slice(row * this.#size, (row + 1) * this.#size), fx: fx[row]! };
  }

  /** Of the batch that holds a call, or of the first one after it. */
  #indexOf(callId: number): number {
    let [low, high] = [0, this.#batches.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const { firstCallId, rows } = this.#batches[middle]!;
      if (firstCallId + rows.count <= callId) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  known(after: number, most: number): LoggedKnown {
    const end = this.#batches.at(-1);
    const last = end ? end.firstCallId + end.rows.count - 1 : 0;
    const found = [...this.evaluations(Math.max(after, last - most))].filter(
      ({ status, callId }) => status === 'ok' && this.#attempts(callId) > 0,
    );
    const x = new Float64Array(found.length * this.#size);
    for (const [row, one] of found.entries()) x.set(one.x(), row * this.#size);
    return {
      upTo: Math.max(after, last),
      callIds: Float64Array.from(found, ({ callId }) => callId),
      x,
      fx: Float64Array.from(found, ({ fx }) => fx),
      violations: Float64Array.from(found, ({ violation }) => violation),
      extras: new Map(found.flatMap(({ extras }, row) => (extras ? [[row, extras]] : []))),
    };
  }

  #attempts(callId: number): number {
    const { rows, firstCallId } = this.#batches[this.#indexOf(callId)]!;
    return rows.attempts[callId - firstCallId]!;
  }

  past(optimizerId: number): LoggedPast {
    throw new CodedError('internal', `of optimizer ${optimizerId} no journal is kept`);
  }

  checkpoint(checkpoint: Checkpoint): void {
    this.#checkpoints.push(checkpoint);
  }

  atomically(write: () => void): void {
    write();
  }

  event(event: LoggedEvent): void {
    this.#events.push(event);
  }

  set(facts: JsonObject): void {
    Object.assign(this.#facts, facts);
  }

  facts(): JsonObject {
    return { ...this.#facts };
  }

  optimizers(): readonly LoggedOptimizer[] {
    return this.#optimizers;
  }

  checkpoints(): readonly Checkpoint[] {
    return this.#checkpoints;
  }

  events(): readonly LoggedEvent[] {
    return this.#events;
  }

  batchEnds(): Iterable<number> {
    return this.#batches.map(({ firstCallId, rows }) => firstCallId + rows.count - 1);
  }

  close(): void {}
}
