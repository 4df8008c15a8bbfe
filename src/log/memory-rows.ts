import type { Arrival, LoggedRows, PastEvaluation } from './contract.ts';
import type { NumberedRows } from './memory-log.ts';

/** What came in a round as it is numbered: by optimizer, its rows by candidate. */
export function inOrder(
  arrivals: readonly Arrival[],
  size: number,
): readonly Pick<Arrival, 'optimizerId' | 'rows'>[] {
  return arrivals
    .toSorted((a, b) => a.optimizerId - b.optimizerId)
    .map((arrival, i, all) => ({ arrival, before: all[i - 1] }))
    .reduce<Arrival[][]>((groups, { arrival, before }) => {
      if (before?.optimizerId === arrival.optimizerId) groups.at(-1)!.push(arrival);
      else groups.push([arrival]);
      return groups;
    }, [])
    .map((its) => ({ optimizerId: its[0]!.optimizerId, rows: sorted(its, size) }));
}

/** One optimizer's rows by candidate; as they came where they came in that order, which is nearly always. */
function sorted(its: readonly Arrival[], size: number): LoggedRows {
  const places = its.flatMap(({ rows }) => Array.from(rows.fx, (_, row) => ({ rows, row })));
  const idOf = ({ rows, row }: (typeof places)[number]): number => rows.candidateIds[row]!;
  if (its.length === 1 && places.every((place, i) => i === 0 || idOf(places[i - 1]!) <= idOf(place)))
    return its[0]!.rows;
  const order = places.toSorted((a, b) => idOf(a) - idOf(b));
  const x = new Float64Array(order.length * size);
  for (const [i, { rows, row }] of order.entries())
    x.set(rows.x.subarray(row * size, (row + 1) * size), i * size);
  const workers = [...new Set(its.flatMap(({ rows }) => rows.workers))];
  return {
    count: order.length,
    candidateIds: Float64Array.from(order, idOf),
    x,
    fx: Float64Array.from(order, ({ rows, row }) => rows.fx[row]!),
    startedAt: Float64Array.from(order, ({ rows, row }) => rows.startedAt[row]!),
    durationMs: Float64Array.from(order, ({ rows, row }) => rows.durationMs[row]!),
    attempts: Uint8Array.from(order, ({ rows, row }) => rows.attempts[row]!),
    counted: Uint8Array.from(order, ({ rows, row }) => rows.counted[row]!),
    worker: Uint16Array.from(order, ({ rows, row }) => workers.indexOf(rows.workers[rows.worker[row]!]!)),
    workers,
    notes: order.flatMap(({ rows, row }, i) =>
      rows.notes.filter((note) => note.row === row).map((note) => ({ ...note, row: i })),
    ),
    status: (i) => order[i]!.rows.status(order[i]!.row),
  };
}

/** @param index of the first batch that may hold calls after `from` */
export function* readMemory(
  batches: readonly NumberedRows[],
  index: number,
  from: number,
  size: number,
): Iterable<PastEvaluation> {
  for (let i = index; i < batches.length; i++) {
    const { optimizerId, firstCallId, rows } = batches[i]!;
    const notes = rows.notes.length > 0 ? new Map(rows.notes.map((note) => [note.row, note])) : undefined;
    for (let row = Math.max(0, from + 1 - firstCallId); row < rows.count; row++) {
      const { error, violation = 0, extras } = notes?.get(row) ?? {};
      yield {
        callId: firstCallId + row,
        optimizerId,
        candidateId: rows.candidateIds[row]!,
        fx: rows.fx[row]!,
        status: rows.status(row),
        isCounted: rows.counted[row] === 1,
        violation,
        error,
        extras,
        x: () => rows.x.slice(row * size, (row + 1) * size),
        at: () => rows.startedAt[row]! + rows.durationMs[row]!,
      };
    }
  }
}
