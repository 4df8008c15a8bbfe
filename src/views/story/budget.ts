import type { Json, JsonObject } from '../../core/json.ts';

/** What a run may use, as far as its stop conditions say so in so many words; `null`: no limit. */
export interface Budget {
  readonly evaluations: number | null;
  readonly seconds: number | null;
}

/**
 * @param stop the conditions of a resolved configuration. Those under `all` and `not` end no run alone, and say nothing.
 */
export function budgetOf(stop: Json | undefined): Budget {
  const limits = [...limitsIn(stop)];
  const least = (name: string): number | null => {
    const found = limits.filter(([limit]) => limit === name).map(([, value]) => value);
    return found.length > 0 ? Math.min(...found) : null;
  };
  return { evaluations: least('max-evaluations'), seconds: least('max-seconds') };
}

function* limitsIn(condition: Json | undefined): Generator<readonly [string, number], void> {
  if (!isObject(condition)) return;
  const { any } = condition;
  if (Array.isArray(any)) for (const one of any) yield* limitsIn(one);
  for (const [name, options] of Object.entries(condition)) {
    const value = isObject(options) ? (options['evaluations'] ?? options['seconds']) : options;
    if (typeof value === 'number') yield [name, value];
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
