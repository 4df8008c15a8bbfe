import type { JsonObject } from '../core/json.ts';
import type { EvaluationStatus } from '../tasks/contract.ts';
import type { LoggedRows, PastEvaluation } from './contract.ts';

/** The rows of a batch one by one, as they are in the log. */
export function* evaluationsOf(
  optimizerId: number,
  rows: LoggedRows,
  firstCallId: number,
): Iterable<PastEvaluation> {
  let nextNote = 0;
  for (let row = 0; row < rows.count; row++) {
    const note = rows.notes[nextNote]?.row === row ? rows.notes[nextNote++] : undefined;
    yield new Row(optimizerId, rows, row, firstCallId + row, note);
  }
}

class Row implements PastEvaluation {
  readonly callId: number;
  readonly optimizerId: number;
  readonly candidateId: number;
  readonly fx: number;
  readonly status: EvaluationStatus;
  readonly isCounted: boolean;
  readonly violation: number;
  readonly error: string | undefined;
  readonly extras: JsonObject | undefined;
  readonly #rows: LoggedRows;
  readonly #row: number;

  constructor(
    optimizerId: number,
    rows: LoggedRows,
    row: number,
    callId: number,
    note: LoggedRows['notes'][number] | undefined,
  ) {
    this.callId = callId;
    this.optimizerId = optimizerId;
    this.candidateId = rows.candidateIds[row]!;
    this.fx = rows.fx[row]!;
    this.status = rows.status(row);
    this.isCounted = rows.counted[row] === 1;
    this.violation = note?.violation ?? 0;
    this.error = note?.error;
    this.extras = note?.extras;
    this.#rows = rows;
    this.#row = row;
  }

  x(): Float64Array {
    const { x, count } = this.#rows;
    const size = x.length / count;
    return x.slice(this.#row * size, (this.#row + 1) * size);
  }

  at(): number {
    return this.#rows.startedAt[this.#row]! + this.#rows.durationMs[this.#row]!;
  }
}
