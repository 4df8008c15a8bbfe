import type { Json } from '../../core/json.ts';

/**
 * What the cells of a column are, besides `null`: `int32`, `int64` and `double` are numbers, `time` milliseconds since
 * 1970-01-01 UTC, `json` any JSON.
 */
export type Kind = 'int32' | 'int64' | 'double' | 'boolean' | 'text' | 'time' | 'json';

export interface Column {
  readonly name: string;
  readonly kind: Kind;
}

/** `null` is no value; `undefined`: there is no such thing in this row. Only JSON lines can tell one from the other. */
export type Cell = Json | undefined;

/** Rows of cells in the order of the columns, each made when it is asked for, so that a table of any length fits. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: Iterable<readonly Cell[]>;
}

/** A time in whole microseconds: of a time in milliseconds, as float64 holds it, that is all there is. */
export function microsecondsOf(ms: number): number {
  return Math.round(ms * 1000);
}

/** `2026-11-22T05:59:03.123456Z` */
export function isoTime(ms: number): string {
  const microseconds = microsecondsOf(ms);
  const whole = new Date(Math.floor(microseconds / 1000)).toISOString().slice(0, -1);
  return `${whole}${String(microseconds - Math.floor(microseconds / 1000) * 1000).padStart(3, '0')}Z`;
}

/** The shortest text that reads back as the same bits. */
export function exactNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
