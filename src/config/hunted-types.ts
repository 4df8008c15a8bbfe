import { messageOf } from '../core/errors.ts';
import { optimizerType } from '../hunters/optimizer-type.ts';
import { namedOptimizers } from '../optimizers/registry.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { isMap } from './raw.ts';

/**
 * Refuses types that no optimizer can have: a hunter that looks for one never holds, and nobody would see why. Those that are not configured may be: a
 * run that goes on has other optimizers than before.
 *
 * @param value a tree of hunters as it was written, whatever else is wrong in it
 */
export function checkHuntedTypes(value: unknown, path: Path, problems: Problems): void {
  if (Array.isArray(value))
    for (const [i, child] of value.entries()) checkHuntedTypes(child, [...path, i], problems);
  if (!isMap(value)) return;
  for (const [key, body] of Object.entries(value)) {
    const at = [...path, key];
    if (key === optimizerType.name) checkTypes(body, at, problems);
    else if (['all', 'any', 'not'].includes(key)) checkHuntedTypes(body, at, problems);
  }
}

/** @param body the list itself, or `{ types }` */
function checkTypes(body: unknown, path: Path, problems: Problems): void {
  const [types, at] = isMap(body) ? [body['types'], [...path, 'types']] : [body, path];
  if (!Array.isArray(types)) return;
  for (const [i, type] of types.entries()) {
    // What is no name was told before.
    if (typeof type !== 'string' || type === '') continue;
    try {
      namedOptimizers.get(type);
    } catch (error) {
      problems.add([...at, i], messageOf(error));
    }
  }
}
