import type { Json } from '../../core/json.ts';
import { exactNumber, isoTime, type Kind, type Table } from './table.ts';

const ROWS_A_CHUNK = 250;

/** A table as one JSON object a line, in pieces of whole lines. What is not there has no key. */
export function* jsonlChunks({ columns, rows }: Table): Generator<string, void> {
  const keys = columns.map(({ name }) => JSON.stringify(name));
  let lines: string[] = [];
  for (const row of rows) {
    const cells = row.flatMap((cell, i) =>
      cell === undefined ? [] : `${keys[i]}:${jsonOf(cell, columns[i]!.kind)}`,
    );
    lines.push(`{${cells.join(',')}}\n`);
    if (lines.length >= ROWS_A_CHUNK) {
      yield lines.join('');
      lines = [];
    }
  }
  if (lines.length > 0) yield lines.join('');
}

function jsonOf(cell: Json, kind: Kind): string {
  if (typeof cell !== 'number' || kind === 'json') return JSON.stringify(cell);
  if (kind === 'time') return JSON.stringify(isoTime(cell));
  // JSON has neither infinities nor NaN, and JSON.stringify loses the sign of -0.
  return Number.isFinite(cell) ? exactNumber(cell) : 'null';
}
