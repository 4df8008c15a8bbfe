import type { Json } from '../../core/json.ts';

/** What ends a run at the latest, as far as its configuration says: `Infinity` where something does not. */
export interface Limits {
  readonly evaluations: number;
  readonly seconds: number;
}

/** @param config the fact of a run: the configuration as it is written */
export function limitsOf(config: Json | undefined): Limits {
  const stop = isMap(config) ? config['stop'] : undefined;
  return {
    evaluations: limit(stop, 'max-evaluations', 'evaluations'),
    seconds: limit(stop, 'max-seconds', 'seconds'),
  };
}

/** An `any` ends with the first, an `all` with the last; nobody knows when something no longer holds. */
function limit(condition: Json | undefined, name: string, option: string): number {
  if (!isMap(condition)) return Infinity;
  const { any, all, [name]: leaf } = condition;
  const each = (list: readonly Json[]): readonly number[] => list.map((one) => limit(one, name, option));
  if (Array.isArray(any)) return Math.min(...each(any as readonly Json[]));
  if (Array.isArray(all) && all.length > 0) return Math.max(...each(all as readonly Json[]));
  const value = isMap(leaf) ? leaf[option] : leaf;
  return typeof value === 'number' ? value : Infinity;
}

function isMap(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
