import { createReadStream } from 'node:fs';
import type { Json, JsonObject } from '../../core/json.ts';
import { CodedError, describe, messageOf } from '../../core/errors.ts';
import type { Cell } from '../export/table.ts';
import type { Source, SourceRow } from './source.ts';
import { unreadable } from './unreadable.ts';

const NEWLINE = 0x0a;
const LONGEST_LINE = 16_000_000;

/** One JSON object a line. Any line may have keys that those before it have not. */
export function jsonlSource(file: string): Source {
  const columns: string[] = [];
  return { file, columns, isText: false, pieces: pieces(file, columns), place: (at) => `${file}:${at}` };
}

async function* pieces(file: string, columns: string[]): AsyncGenerator<Iterable<SourceRow>, void> {
  const places = new Map<string, number>();
  let at = 0;
  let rest: Buffer = Buffer.alloc(0);
  /** Each row is made when it is asked for, since it may bring columns with it. */
  function* rowsOf(bytes: Buffer, isLast: boolean): Generator<SourceRow, void> {
    let begin = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, begin)) {
      yield* rowOf(bytes.toString('utf8', begin, end), ++at, false);
      begin = end + 1;
    }
    if (isLast) yield* rowOf(bytes.toString('utf8', begin), ++at, true);
    else rest = bytes.subarray(begin);
  }
  function* rowOf(text: string, line: number, isLast: boolean): Generator<SourceRow, void> {
    if (text.trim() === '') return;
    const object = parse(line === 1 ? text.replace(/^\uFEFF/, '') : text);
    if (typeof object === 'string')
      yield { at: line, cells: [], mistake: object + (isLast ? '; the file may be cut off' : '') };
    else yield { at: line, cells: cellsOf(object, columns, places) };
  }
  try {
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
      yield rowsOf(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]), false);
      if (rest.length > LONGEST_LINE)
        throw new CodedError(
          'usage',
          `cannot import ${file}: line ${at + 1} is longer than ${LONGEST_LINE} bytes; expected one JSON object a line`,
        );
    }
    yield rowsOf(rest, true);
  } catch (error) {
    throw error instanceof CodedError ? error : unreadable(file, error);
  }
}

/** @returns what is wrong, when it is no object */
function parse(text: string): JsonObject | string {
  try {
    const value = JSON.parse(text) as Json;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
    return `expected a JSON object, got ${describe(value)}`;
  } catch (error) {
    return `expected a JSON object: ${messageOf(error)}`;
  }
}

function cellsOf(object: JsonObject, columns: string[], places: Map<string, number>): readonly Cell[] {
  const cells: Cell[] = Array.from({ length: columns.length });
  for (const [key, value] of Object.entries(object)) {
    let place = places.get(key);
    if (place === undefined) {
      place = columns.push(key) - 1;
      places.set(key, place);
    }
    cells[place] = value;
  }
  return cells;
}
