import { type RowBatch, statusOf } from '../backends/batch.ts';
import type { HostBatch } from '../backends/protocol.ts';
import type { LoggedRows, RunLog } from '../log/contract.ts';
import type { RunRecord } from './record.ts';

/** A host's rows as the log takes them. */
function loggedRows(rows: RowBatch): LoggedRows {
  return { ...rows, status: (row) => statusOf(rows, row) };
}

/**
 * Commits a batch, and only then counts it.
 *
 * @param firstCallId the call id of its first row
 * @param onRow called for every row, in order, when the record has taken it in
 */
export function takeIn(
  log: RunLog,
  record: RunRecord,
  optimizerId: number,
  batch: HostBatch,
  firstCallId: number,
  onRow: (callId: number, row: number, isIncumbent: boolean) => void,
): void {
  const rows = loggedRows(batch.rows);
  log.commit({ optimizerId, firstCallId, rows, operations: batch.operations });
  const notes = new Map(rows.notes.map((note) => [note.row, note]));
  for (let row = 0; row < rows.count; row++) {
    const callId = firstCallId + row;
    onRow(callId, row, record.add(optimizerId, callId, rows, row, notes.get(row)));
  }
}
