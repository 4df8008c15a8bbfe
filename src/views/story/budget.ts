import type { Json, JsonObject } from '../../core/json.ts';

/** What a run may use, as far as its stop conditions say so in so many words; `null`: no limit. */
export interface Budget {
  readonly evaluations: number | null;
  /** Seconds of each session. */
  readonly session: number | null;
  /** Seconds of all of them together. */
  readonly overall: number | null;
}

/**
 * @param stop the conditions of a resolved configuration. Those under `all` and `not` end no run alone, and say nothing.
 */
export function budgetOf(stop: Json | undefined): Budget {
  const limits = [...limitsIn(stop)];
  const least = (kind: keyof Budget): number | null => {
    const found = limits.filter(([limit]) => limit === kind).map(([, value]) => value);
    return found.length > 0 ? Math.min(...found) : null;
  };
  return { evaluations: least('evaluations'), session: least('session'), overall: least('overall') };
}

function* limitsIn(condition: Json | undefined): Generator<readonly [keyof Budget, number], void> {
  if (!isObject(condition)) return;
  const { any, 'max-evaluations': evaluations, 'max-seconds': time } = condition;
  if (Array.isArray(any)) for (const one of any) yield* limitsIn(one);
  const most = isObject(evaluations) ? evaluations['evaluations'] : evaluations;
  if (typeof most === 'number') yield ['evaluations', most];
  const seconds = isObject(time) ? time['seconds'] : time;
  if (typeof seconds === 'number')
    yield [isObject(time) && time['of'] === 'overall' ? 'overall' : 'session', seconds];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
