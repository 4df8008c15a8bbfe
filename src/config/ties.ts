import type { JsonObject } from '../core/json.ts';
import { parseExpression, quoteName } from '../space/expression.ts';
import { inOrder } from '../space/ties.ts';
import { parseAt, readNames, writtenNames } from './expressions.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { isMap, type RawMap, shown } from './raw.ts';
import { check } from './schema.ts';
import { tiedParameterSchema } from './sections/parameters.ts';

/** What only a free parameter has. */
const FREE_ONLY = ['type', 'scale', 'initial'];

/** How a tied parameter's value begins, so that nobody takes it for a text. */
const MARK = /^\s*=/;

export function isTied(map: RawMap): boolean {
  return typeof map['value'] === 'string';
}

/** Reads one tied parameter but for its expression, which `checkTies` does when all names are known. */
export function readTied(map: RawMap, path: Path, problems: Problems): JsonObject {
  const { values } = check(tiedParameterSchema, map, path, problems);
  for (const key of FREE_ONLY)
    if (key in map) problems.add([...path, key], `unexpected: a tied parameter has no ${key}`, 'key');
  const { value, min, max } = values;
  if (typeof value === 'string' && !MARK.test(value))
    problems.add(
      [...path, 'value'],
      `expected a number, or an expression such as "= 2*a", got ${shown(value)}`,
    );
  if (typeof min === 'number' && typeof max === 'number' && min >= max)
    problems.add([...path, 'max'], `expected a number > min (${min}), got ${max}`);
  return values;
}

/** The expression in the value of a tied parameter. */
export function expressionIn(value: string): string {
  return value.replace(MARK, '').trim();
}

/** Checks the expressions of all tied parameters of a list, whatever else is wrong with it. */
export function checkTies(list: readonly unknown[], path: Path, problems: Problems): void {
  const names = writtenNames(list);
  const needs = new Map<string, readonly string[]>();
  const paths = new Map<string, Path>();
  for (const [i, item] of list.entries()) {
    if (!isMap(item)) continue;
    const { name, value } = item;
    if (typeof value !== 'string' || !MARK.test(value)) continue;
    const text = value.replace(MARK, '');
    const writing = { path: [...path, i, 'value'], problems, offset: value.length - text.length };
    const expression = parseAt(parseExpression, text, writing);
    const found = expression && readNames(expression, names, writing);
    if (!found || typeof name !== 'string' || needs.has(name)) continue;
    needs.set(name, found);
    paths.set(name, writing.path);
  }
  for (const cycle of inOrder(needs).cycles)
    problems.add(paths.get(cycle[0]!)!, `depends on itself: ${cycle.map(quoteName).join(' -> ')}`);
}
