import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { CsvError, type Info, parse } from 'csv-parse';
import type { Source, SourceRow } from './source.ts';
import { unreadable } from './unreadable.ts';

/** A quote that nobody closes would otherwise take the rest of the file for one text. */
const LONGEST_RECORD = 16_000_000;

interface Parsed {
  readonly record: readonly (string | undefined)[];
  readonly info: Info;
}

/** A table by RFC 4180 with a header: any line ends, UTF-8 with or without a byte order mark. */
export function csvSource(file: string): Source {
  const columns: string[] = [];
  return { file, columns, isText: true, pieces: pieces(file, columns), place: (at) => `${file}:${at}` };
}

async function* pieces(file: string, columns: string[]): AsyncGenerator<readonly SourceRow[], void> {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LONGEST_RECORD,
    // `""` is an empty text, nothing between two commas is nothing.
    cast: (value, { quoting }) => (value === '' && !quoting ? undefined : value),
  });
  // Its errors come out of the parser.
  pipeline(createReadStream(file), parser, () => {});
  let lines = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      // A record in quotes may go over several lines: `info` has the last.
      const at = lines + 1;
      lines = info.lines;
      if (columns.length === 0) columns.push(...record.map((name) => name ?? ''));
      else yield [rowOf(at, record, columns.length)];
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw unreadable(file, error);
    // From here on it cannot be told what is a row.
    yield [{ at: lines + 1, cells: [], mistake: `is no CSV: ${error.message}` }];
  }
}

function rowOf(at: number, cells: SourceRow['cells'], expected: number): SourceRow {
  if (cells.length === expected) return { at, cells };
  return {
    at,
    cells,
    mistake: `expected ${expected} fields, as the header has, got ${cells.length}${cells.length < expected ? '; the file may be cut off' : ''}`,
  };
}
