import type { Json } from '../../core/json.ts';
import { messageOf } from '../../core/errors.ts';
import { parseJson } from '../worker/numbers.ts';

/**
 * JSON as programs write it: with `NaN` and `Infinity` where a number would be, as Python's `json` does. These become texts, which a log can
 * have.
 *
 * @throws {SyntaxError}
 */
export function parseLenientJson(text: string): Json {
  return withWords(parseJson(text));
}

function withWords(value: unknown): Json {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(withWords);
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withWords(item)]));
}

/**
 * A JSON text among what a program printed: all of it, or else the last line that is one by itself.
 *
 * @returns its value, or what is wrong with it
 */
export function findJson(text: string): { readonly json: Json } | { readonly fault: string } {
  try {
    return { json: parseLenientJson(text) };
  } catch (error) {
    for (const line of text.split('\n').toReversed()) {
      if (!/^\s*[{[]/.test(line)) continue;
      try {
        return { json: parseLenientJson(line) };
      } catch {
        // Another line may be.
      }
    }
    return { fault: messageOf(error) };
  }
}

/** Steps of a path: `result.loss[0]`, `["a.b"]`. `undefined` for a text that is none. */
export function parseJsonPath(path: string): readonly (string | number)[] | undefined {
  const steps: (string | number)[] = [];
  const pattern = /(?:^|\.)([^.[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y;
  while (pattern.lastIndex < path.length) {
    const match = pattern.exec(path);
    if (!match) return undefined;
    const [, name, index, quoted] = match;
    if (index !== undefined) steps.push(Number(index));
    else steps.push(quoted === undefined ? name!.trim() : quoted.replaceAll(/\\(.)/g, '$1'));
  }
  return steps.length > 0 ? steps : undefined;
}

/** What stands at a path; `undefined` when nothing does. */
export function atJsonPath(json: Json, steps: readonly (string | number)[]): Json | undefined {
  let at: Json | undefined = json;
  for (const step of steps) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Readonly<Record<string | number, Json>>)[step];
  }
  return at;
}
