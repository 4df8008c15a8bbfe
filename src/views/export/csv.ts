import { stringify } from 'csv-stringify/sync';
import { type Cell, exactNumber, isoTime, type Kind, type Table } from './table.ts';

const ROWS_A_CHUNK = 250;

const OPTIONS = {
  record_delimiter: '\r\n',
  // An empty text is `""`, to be told from no value, which is nothing between two commas. Readers may take any line break for an end.
  quoted_match: /^$|[\r\n]/,
} as const;

/** A table by RFC 4180, in pieces of whole lines. */
export function* csvChunks({ columns, rows }: Table): Generator<string, void> {
  let chunk: (readonly (string | null)[])[] = [columns.map(({ name }) => name)];
  for (const row of rows) {
    if (chunk.length >= ROWS_A_CHUNK) {
      yield stringify(chunk, OPTIONS);
      chunk = [];
    }
    chunk.push(row.map((cell, i) => textOf(cell, columns[i]!.kind)));
  }
  yield stringify(chunk, OPTIONS);
}

function textOf(cell: Cell, kind: Kind): string | null {
  if (cell === null || cell === undefined) return null;
  if (kind === 'text' && typeof cell === 'string') return cell;
  if (typeof cell !== 'number' || kind === 'json') return JSON.stringify(cell);
  return kind === 'time' ? isoTime(cell) : exactNumber(cell);
}
