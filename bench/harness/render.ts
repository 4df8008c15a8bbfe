import type { Cell, Column, Table } from './benchmark.ts';
import type { Result } from './results.ts';

/** 1234567 -> `1,234,567`; below 1,000 three digits that count. */
export function number(value: number): string {
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString('en-US');
  return size >= 10 ? value.toFixed(1) : size >= 1 ? value.toFixed(2) : value.toPrecision(3);
}

function textOf(cell: Cell): string {
  if (cell === null) return '–';
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'number') return number(cell);
  if (cell.least === cell.greatest) return number(cell.median);
  return `${number(cell.median)} (${number(cell.least)} to ${number(cell.greatest)})`;
}

function headOf({ name, unit }: Column): string {
  return unit === undefined ? name : `${name}, ${unit}`;
}

export function tableText({ title, columns, rows, notes = [] }: Table): string {
  const lines = [
    columns.map(headOf),
    columns.map((_, i) => (isText(rows, i) ? '---' : '--:')),
    ...rows.map((row) => row.map(textOf)),
  ];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  const table = lines.map((line, at) => {
    const cells = line.map((text, i) => {
      if (at === 1) return text.endsWith(':') ? `${'-'.repeat(widths[i]! - 1)}:` : '-'.repeat(widths[i]!);
      return isText(rows, i) ? text.padEnd(widths[i]!) : text.padStart(widths[i]!);
    });
    return `| ${cells.join(' | ')} |`;
  });
  return [`## ${title}`, '', ...table, ...notes.flatMap((note) => ['', note]), ''].join('\n');
}

function isText(rows: Table['rows'], column: number): boolean {
  return rows.every((row) => typeof row[column] === 'string');
}

export function markdownOf(about: string, result: Result): string {
  const { machine, versions, date, title, benchmark, isQuick, seconds } = result;
  const made = `Made by \`npm run bench -- ${benchmark}${isQuick ? ' --quick' : ''}\` in ${number(seconds)} s on ${date.slice(0, 10)}; do not edit. ${machine.cpu}, ${machine.cores} cores, ${machine.system}, load before ${machine.load}; ${Object.entries(
    versions,
  )
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}. Medians, with the least and the greatest in brackets.`;
  return [
    `# ${title}`,
    '',
    made,
    '',
    about.trim(),
    '',
    ...result.tables.map(tableText),
    ...result.notes.map((note) => `${note}\n`),
  ].join('\n');
}
