import type { Json } from '../../core/json.ts';
import { messageOf } from '../../core/errors.ts';

/**
 * JSON as programs write it: with `NaN` and `Infinity` where a number would be, as Python's `json` does. These become texts.
 *
 * @throws {SyntaxError}
 */
export function parseLenientJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const quoted = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (token) =>
      token.startsWith('"') ? token : `"${token}"`,
    );
    if (quoted === text) throw error;
    return JSON.parse(quoted) as Json;
  }
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
