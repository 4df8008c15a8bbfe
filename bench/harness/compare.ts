import type { Cell, Column, Measured, Table } from './benchmark.ts';
import type { Result } from './results.ts';

/** How two figures of the same thing differ. */
type Verdict = 'better' | 'worse' | 'within the spread' | 'as measured';

/** A figure then and now. */
interface Change {
  readonly what: string;
  readonly before: number;
  readonly after: number;
  readonly verdict: Verdict;
}

const valueOf = (cell: Cell): number | undefined =>
  typeof cell === 'number' ? cell : cell === null || typeof cell === 'string' ? undefined : cell.median;

const rangeOf = (cell: Cell): Measured | undefined =>
  typeof cell === 'object' && cell !== null ? cell : undefined;

/** What the rows of a table are about: their texts. */
function labelOf(row: readonly Cell[]): string {
  return row.filter((cell) => typeof cell === 'string').join(' / ');
}

/** A change is one only if no round of before reaches one of after. */
function verdictOf(before: Cell, after: Cell, { better }: Column): Verdict {
  if (better === undefined) return 'as measured';
  const [was, is] = [rangeOf(before), rangeOf(after)];
  if (was && is && was.least <= is.greatest && is.least <= was.greatest) return 'within the spread';
  const [a, b] = [valueOf(before)!, valueOf(after)!];
  if (a === b) return 'within the spread';
  return b > a === (better === 'higher') ? 'better' : 'worse';
}

/** Figures that stand in both results, in the order of the newer one. */
export function changesOf(before: Result, after: Result): readonly Change[] {
  return after.tables.flatMap((table) => {
    const old = before.tables.find(({ title }) => title === table.title);
    return old ? changesOfTable(old, table) : [];
  });
}

function changesOfTable(before: Table, after: Table): readonly Change[] {
  return after.rows.flatMap((row) => {
    const old = before.rows.find((one) => labelOf(one) === labelOf(row));
    if (!old) return [];
    return after.columns.flatMap((column, i) => {
      const at = before.columns.findIndex(({ name, unit }) => name === column.name && unit === column.unit);
      const [was, is] = [at < 0 ? null : old[at]!, row[i]!];
      const [a, b] = [valueOf(was), valueOf(is)];
      if (a === undefined || b === undefined) return [];
      const unit = column.unit === undefined ? '' : `, ${column.unit}`;
      const what = [after.title, labelOf(row), column.name + unit].filter((text) => text !== '').join(': ');
      return [{ what, before: a, after: b, verdict: verdictOf(was, is, column) }];
    });
  });
}

/** The same as a table to print. */
export function comparison(before: Result, after: Result): Table {
  return {
    title: `${after.title}, beside ${before.date.slice(0, 10)} (${before.versions['commit'] ?? before.versions['glompo']})`,
    columns: [
      { name: 'figure' },
      { name: 'before' },
      { name: 'now' },
      { name: 'now / before' },
      { name: 'verdict' },
    ],
    rows: changesOf(before, after).map(({ what, before: was, after: is, verdict }) => [
      what,
      was,
      is,
      was === 0 ? null : is / was,
      verdict,
    ]),
    notes:
      before.machine.cpu === after.machine.cpu && before.machine.cores === after.machine.cores
        ? []
        : [`They are of different machines: ${before.machine.cpu}, and ${after.machine.cpu}.`],
  };
}
