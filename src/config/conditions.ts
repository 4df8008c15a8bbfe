import type { Registry } from '../core/component.ts';
import { type Part, readOne } from './components.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { isMap, shown } from './raw.ts';
import type { ConditionUse } from './run-config.ts';

/** Reads a tree of `all`, `any` and `not` over the components of `registry`. */
export function readConditions(
  registry: Registry<Part>,
  value: unknown,
  path: Path,
  problems: Problems,
): ConditionUse | undefined {
  const { kind } = registry;
  if (Array.isArray(value)) {
    problems.add(path, `expected one ${kind}, got ${shown(value)}; write any: or all: before the list`);
    return undefined;
  }
  const keys = isMap(value) ? Object.keys(value) : [];
  if (keys.length > 1) {
    const advice = 'write any: or all: with a list of them';
    problems.add(path, `expected one ${kind}, got ${keys.length} (${keys.join(', ')}); ${advice}`);
    return undefined;
  }
  const [key] = keys;
  if (isMap(value) && key !== undefined) {
    const at = [...path, key];
    if (key === 'all' || key === 'any') {
      const children = readList(registry, value[key], at, problems);
      return children && (key === 'all' ? { all: children } : { any: children });
    }
    if (key === 'not') {
      const child = readConditions(registry, value[key], at, problems);
      return child && { not: child };
    }
  }
  return readOne(registry, value, path, problems);
}

function readList(
  registry: Registry<Part>,
  value: unknown,
  path: Path,
  problems: Problems,
): readonly ConditionUse[] | undefined {
  if (!Array.isArray(value) || value.length === 0) {
    problems.add(path, `expected a list of at least one ${registry.kind}, got ${shown(value)}`);
    return undefined;
  }
  const children = value.map((item, i) => readConditions(registry, item, [...path, i], problems));
  return children.every((child) => child !== undefined) ? children : undefined;
}
