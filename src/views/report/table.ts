import { escaped } from './escape.ts';

/** A table of a report. */
export interface TableOptions {
  readonly caption: string;
  readonly head: readonly string[];
  /** Cells as text: whatever stands in them is escaped. The first one is what the row is about. */
  readonly rows: readonly (readonly string[])[];
  /** The columns that are numbers, from 0. */
  readonly numbers?: readonly number[];
  /** Of the rows that there are, when not all are told. */
  readonly of?: number;
}

/** @returns nothing when it has no rows */
export function tableOf({ caption, head, rows, numbers = [], of = rows.length }: TableOptions): string {
  if (rows.length === 0) return '';
  const look = (column: number): string => (numbers.includes(column) ? ' class="number"' : '');
  const cut = of > rows.length ? ` (${rows.length} of ${of})` : '';
  const titles = head.map((title, i) => `<th scope="col"${look(i)}>${escaped(title)}</th>`).join('');
  const lines = rows.map((cells) => {
    const [first = '', ...rest] = cells;
    const others = rest.map((cell, i) => `<td${look(i + 1)}>${escaped(cell)}</td>`).join('');
    return `<tr><th scope="row"${look(0)}>${escaped(first)}</th>${others}</tr>`;
  });
  return `<div class="wide" tabindex="0" role="region" aria-label="${escaped(caption)}"><table><caption>${escaped(caption + cut)}</caption>
<thead><tr>${titles}</tr></thead>
<tbody>
${lines.join('\n')}
</tbody></table></div>`;
}
