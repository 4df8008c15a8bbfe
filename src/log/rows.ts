import type { LoggedRows, PastEvaluation } from './contract.ts';

/** The rows of a batch one by one, as they are in the log. */
export function* evaluationsOf(
  optimizerId: number,
  rows: LoggedRows,
  firstCallId: number,
): Iterable<PastEvaluation> {
  const size = rows.x.length / rows.count;
  let nextNote = 0;
  for (let row = 0; row < rows.count; row++) {
    const note = rows.notes[nextNote]?.row === row ? rows.notes[nextNote++] : undefined;
    yield {
      callId: firstCallId + row,
      optimizerId,
      candidateId: rows.candidateIds[row]!,
      fx: rows.fx[row]!,
      status: rows.status(row),
      isCounted: rows.counted[row] === 1,
      violation: note?.violation ?? 0,
      error: note?.error,
      extras: note?.extras,
      x: () => rows.x.slice(row * size, (row + 1) * size),
    };
  }
}
