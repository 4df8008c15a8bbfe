import {
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
  type SchemaTree,
  toJson,
} from 'hyparquet';
import type { Json } from '../../core/json.ts';
import { messageOf } from '../../core/errors.ts';
import type { Cell } from '../export/table.ts';
import type { Source, SourceRow } from './source.ts';
import { unreadable } from './unreadable.ts';

// Its own takes a byte order mark away, which may be the beginning of a text.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Times as milliseconds since 1970, texts as they are. */
const parsers = {
  timestampFromMilliseconds: Number,
  timestampFromMicroseconds: (us: bigint): number => Number(us) / 1000,
  timestampFromNanoseconds: (ns: bigint): number => Number(ns) / 1e6,
  stringFromBytes: (bytes: Uint8Array | undefined): string | undefined => bytes && utf8.decode(bytes),
  jsonFromBytes: (bytes: Uint8Array | undefined): string | undefined => bytes && utf8.decode(bytes),
};

/** A Parquet file without compression or with Snappy, one row group in memory at a time. */
export function parquetSource(file: string): Source {
  const columns: string[] = [];
  return {
    file,
    columns,
    isText: false,
    pieces: pieces(file, columns),
    place: (at) => `${file}, row ${at}:`,
  };
}

async function* pieces(file: string, columns: string[]): AsyncGenerator<Iterable<SourceRow>, void> {
  try {
    const buffer = await asyncBufferFromFile(file);
    const metadata = await parquetMetadataAsync(buffer, { parsers });
    const { children } = parquetSchema(metadata);
    columns.push(...children.map(({ element }) => element.name));
    if (columns.some((name) => typeof name !== 'string')) throw new Error('a column has no name');
    const readers = children.map(readerOf);
    let first = 1;
    for (const { num_rows: count } of metadata.row_groups) {
      const rows = await groupOf({ file: buffer, metadata, first, count: Number(count) });
      yield rowsOf(rows, first, readers);
      first += Number(count);
    }
  } catch (error) {
    throw unreadable(file, readableReason(error), error);
  }
}

function readableReason(error: unknown): unknown {
  const isOfFiles = error instanceof Error && 'code' in error;
  return isOfFiles ? error : `it is no Parquet file, or is damaged or cut off: ${messageOf(error)}`;
}

async function groupOf(group: {
  readonly file: Awaited<ReturnType<typeof asyncBufferFromFile>>;
  readonly metadata: FileMetaData;
  readonly first: number;
  readonly count: number;
}): Promise<readonly (readonly unknown[])[]> {
  let rows: readonly (readonly unknown[])[] = [];
  await parquetRead({
    file: group.file,
    metadata: group.metadata,
    parsers,
    rowStart: group.first - 1,
    rowEnd: group.first - 1 + group.count,
    onComplete: (read) => {
      rows = read;
    },
  });
  return rows;
}

type Reader = (value: unknown) => Cell;

function* rowsOf(
  rows: readonly (readonly unknown[])[],
  first: number,
  readers: readonly Reader[],
): Generator<SourceRow, void> {
  for (const [i, row] of rows.entries())
    yield { at: first + i, cells: readers.map((read, column) => read(row[column])) };
}

function readerOf({ element }: SchemaTree): Reader {
  const isJson = element.logical_type?.type === 'JSON' || element.converted_type === 'JSON';
  return (value) => {
    if (value === undefined || value === null) return undefined;
    if (isJson) return jsonOf(value as string);
    if (typeof value !== 'bigint')
      return typeof value === 'object' ? (toJson(value) as Json) : (value as Json);
    // One that a number cannot hold stays as it is written, and is told as what it is.
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  };
}

/** Text that is no JSON, though the file says so, stays text. */
function jsonOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
