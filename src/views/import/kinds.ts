import type { Json } from '../../core/json.ts';
import type { LoggedEvaluation } from '../../log/reader.ts';

type EvaluationStatus = LoggedEvaluation['status'];

/** What a cell of a column may be. */
export interface CellKind<Value> {
  /** `a number` */
  readonly expected: string;
  /**
   * @param isText the cell is from a format that has nothing but text
   * @returns nothing when it is something else
   */
  read(cell: Json, isText: boolean): Value | undefined;
}

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;
const NOT_FINITE = /^\s*([+-]?)(nan|inf|infinity)\s*$/i;
const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?\s*(Z|[+-]\d\d:?\d\d)$/;
const TRUTHS: ReadonlyMap<Json, boolean> = new Map<Json, boolean>([
  [true, true],
  [false, false],
  [1, true],
  [0, false],
]);

/** Any number, `NaN` and infinities too. */
export const number: CellKind<number> = {
  expected: 'a number',
  read: (cell, isText) =>
    typeof cell === 'number' ? cell : isText && typeof cell === 'string' ? numberIn(cell) : undefined,
};

export const finite: CellKind<number> = {
  expected: 'a finite number',
  read: (cell, isText) => only(number.read(cell, isText), Number.isFinite),
};

export const notNegative: CellKind<number> = {
  expected: 'a finite number >= 0',
  read: (cell, isText) => only(finite.read(cell, isText), (value) => value >= 0),
};

export function integer(least: number, most: number = Number.MAX_SAFE_INTEGER): CellKind<number> {
  return {
    expected: `an integer from ${least} to ${most}`,
    read: (cell, isText) =>
      only(
        number.read(cell, isText),
        (value) => Number.isSafeInteger(value) && value >= least && value <= most,
      ),
  };
}

export const boolean: CellKind<boolean> = {
  expected: 'true or false',
  read: (cell, isText) => {
    if (!isText || typeof cell !== 'string') return TRUTHS.get(cell);
    const word = cell.trim().toLowerCase();
    return word === 'true' || word === '1' ? true : word === 'false' || word === '0' ? false : undefined;
  },
};

export const text: CellKind<string> = {
  expected: 'a text',
  read: (cell) => (typeof cell === 'string' ? cell : undefined),
};

const STATUSES: readonly string[] = [
  'ok',
  'failed',
  'timeout',
  'cancelled',
  'censored',
] satisfies EvaluationStatus[];

export const status: CellKind<EvaluationStatus> = {
  expected: `one of ${STATUSES.join(', ')}`,
  read: (cell) =>
    typeof cell === 'string' && STATUSES.includes(cell) ? (cell as EvaluationStatus) : undefined,
};

/** Milliseconds since 1970-01-01 UTC, as such or as a date with its time and zone by ISO 8601. */
export const time: CellKind<number> = {
  expected: 'a time such as 2026-11-22T05:59:03.123456Z, or milliseconds since 1970',
  read: (cell, isText) => (typeof cell === 'string' ? timeIn(cell) : undefined) ?? finite.read(cell, isText),
};

/** Any JSON. Of text, what looks like a number, a boolean, a list or an object is one. */
export const extra: CellKind<Json> = {
  expected: 'JSON',
  read: (cell, isText) => (isText && typeof cell === 'string' ? jsonIn(cell) : cell),
};

function only(value: number | undefined, holds: (value: number) => boolean): number | undefined {
  return value !== undefined && holds(value) ? value : undefined;
}

function numberIn(cell: string): number | undefined {
  if (NUMBER.test(cell)) return Number(cell);
  const [, sign, word] = NOT_FINITE.exec(cell) ?? [];
  if (word === undefined) return undefined;
  return word.toLowerCase() === 'nan' ? NaN : sign === '-' ? -Infinity : Infinity;
}

function timeIn(cell: string): number | undefined {
  const [, date, clock, fraction = '', zone] = TIME.exec(cell) ?? [];
  if (date === undefined) return undefined;
  const seconds = Date.parse(`${date}T${clock}${zone}`);
  // Whole microseconds first: that is what gives the same bits again.
  return Number.isNaN(seconds)
    ? undefined
    : (seconds * 1000 + Math.round(Number(`0${fraction}`) * 1e6)) / 1000;
}

function jsonIn(cell: string): Json {
  const value = numberIn(cell);
  if (value !== undefined) return Number.isFinite(value) ? value : null;
  if (cell === 'true' || cell === 'false') return cell === 'true';
  if (!/^[[{"]/.test(cell)) return cell;
  try {
    return JSON.parse(cell) as Json;
  } catch {
    return cell;
  }
}
