import type { Json, JsonObject } from '../../core/json.ts';

/** What a run may use, as far as its stop conditions say so in so many words; `null`: no limit. */
export interface Budget {
  readonly evaluations: number | null;
  /** Seconds of each session. */
  readonly session: number | null;
  /** Seconds of all of them together. */
  readonly overall: number | null;
}

/** @param stop the conditions of a resolved configuration */
export function budgetOf(stop: Json | undefined): Budget {
  const least = (kind: keyof Budget): number | null => {
    const found = limit(stop, kind);
    return Number.isFinite(found) ? found : null;
  };
  return { evaluations: least('evaluations'), session: least('session'), overall: least('overall') };
}

/** An `any` ends with the first, an `all` with the last; nobody knows when something no longer holds. */
function limit(condition: Json | undefined, kind: keyof Budget): number {
  if (!isObject(condition)) return Infinity;
  const { any, all } = condition;
  const each = (list: readonly Json[]): readonly number[] => list.map((one) => limit(one, kind));
  if (Array.isArray(any)) return Math.min(...each(any as readonly Json[]));
  if (Array.isArray(all) && all.length > 0) return Math.max(...each(all as readonly Json[]));
  return leafLimit(condition, kind);
}

function leafLimit({ 'max-evaluations': most, 'max-seconds': time }: JsonObject, kind: keyof Budget): number {
  if (kind === 'evaluations') return numberIn(isObject(most) ? most['evaluations'] : most);
  const isOverall = isObject(time) && time['of'] === 'overall';
  return isOverall === (kind === 'overall') ? numberIn(isObject(time) ? time['seconds'] : time) : Infinity;
}

function numberIn(value: Json | undefined): number {
  return typeof value === 'number' ? value : Infinity;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
