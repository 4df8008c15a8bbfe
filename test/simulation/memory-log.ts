import type {
  BatchCommit,
  LoggedEvent,
  LoggedPast,
  OptimizerEnd,
  OptimizerStart,
  RunLog,
} from '../../src/log/contract.ts';
import type { EvaluationStatus } from '../../src/tasks/contract.ts';

/** A run log that keeps all in memory and checks, with every call, what must hold of any log. */
export class MemoryLog implements RunLog {
  readonly rows: {
    readonly optimizerId: number;
    readonly candidateId: number;
    readonly status: EvaluationStatus;
    readonly x: Float64Array;
    readonly fx: number;
  }[] = [];
  readonly #operations = new Map<number, Uint8Array[]>();
  readonly events: LoggedEvent[] = [];
  readonly optimizers = new Map<number, OptimizerStart & { end?: OptimizerEnd }>();
  readonly facts = new Map<string, unknown>();
  readonly #seen = new Set<string>();
  readonly #counts = new Map<number, number>();

  startOptimizer(start: OptimizerStart): void {
    if (start.optimizerId !== this.optimizers.size + 1)
      throw new Error(`optimizer ${start.optimizerId} is out of order`);
    this.optimizers.set(start.optimizerId, { ...start });
  }

  commit({ optimizerId, firstCallId, rows, operations }: BatchCommit): void {
    const journal = this.#operations.get(optimizerId) ?? [];
    this.#operations.set(optimizerId, [...journal, operations]);
    if (firstCallId !== this.rows.length + 1)
      throw new Error(`call ids are not contiguous: ${firstCallId} after ${this.rows.length}`);
    if (this.optimizers.get(optimizerId)?.end)
      throw new Error(`optimizer ${optimizerId} evaluates after its end`);
    for (let row = 0; row < rows.count; row++) {
      const candidateId = rows.candidateIds[row]!;
      const key = `${optimizerId}/${candidateId}`;
      if (this.#seen.has(key)) throw new Error(`candidate ${key} is in the log twice`);
      this.#seen.add(key);
      this.#counts.set(optimizerId, this.countOf(optimizerId) + 1);
      const size = rows.x.length / rows.count;
      const x = rows.x.slice(row * size, (row + 1) * size);
      this.rows.push({ optimizerId, candidateId, status: rows.status(row), x, fx: rows.fx[row]! });
    }
  }

  has(optimizerId: number, candidateId: number): boolean {
    return this.#seen.has(`${optimizerId}/${candidateId}`);
  }

  countOf(optimizerId: number): number {
    return this.#counts.get(optimizerId) ?? 0;
  }

  endOptimizer(end: OptimizerEnd): void {
    const optimizer = this.optimizers.get(end.optimizerId)!;
    if (optimizer.end) throw new Error(`optimizer ${end.optimizerId} ended twice`);
    optimizer.end = end;
  }

  past(optimizerId: number): LoggedPast {
    const calls = this.rows
      .map((row, i) => ({ ...row, callId: i + 1 }))
      .filter((row) => row.optimizerId === optimizerId);
    return {
      operations: Buffer.concat(this.#operations.get(optimizerId) ?? []),
      callIds: Float64Array.from(calls, ({ callId }) => callId),
      candidateIds: Float64Array.from(calls, ({ candidateId }) => candidateId),
      x: Float64Array.from(calls.flatMap(({ x }) => [...x])),
      fx: Float64Array.from(calls, ({ fx }) => fx),
      statuses: calls.map(({ status }) => status),
      violations: new Float64Array(calls.length),
      point: (callId) => this.rows[callId - 1],
    };
  }

  event(event: LoggedEvent): void {
    this.events.push(event);
  }

  set(facts: Readonly<Record<string, unknown>>): void {
    for (const [key, value] of Object.entries(facts)) this.facts.set(key, value);
  }

  close(): void {}
}
