import type { Known } from '../core/component.ts';
import { messageOf } from '../core/errors.ts';
import type { OptionSchema, OptionsSchema } from '../core/options.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { isMap, shown } from './raw.ts';
import type { ComponentUse } from './run-config.ts';
import { check, type Checked } from './schema.ts';

/** What is known about a component of any kind. */
export interface Part {
  readonly name: string;
  readonly summary: string;
  readonly options: OptionsSchema;
  /** Takes options that fit the schema. */
  fault?(options: never): string | undefined;
}

/** A component that a configuration names, and what became of its options. */
export interface Reference extends Checked {
  readonly name: string;
  /** Where its options stand: `optimizers.use[0].cma-es`. */
  readonly path: Path;
}

/**
 * Reads `name`, `{ name: options }` or, for a component with one required option, `{ name: value }`.
 *
 * @param extras options that all components of this kind take here
 * @returns nothing when it does not name a component; what is wrong is among the problems then
 */
export function readComponent(
  registry: Known<Part>,
  value: unknown,
  path: Path,
  problems: Problems,
  extras?: Readonly<Record<string, OptionSchema>>,
): Reference | undefined {
  const named = readName(registry.kind, value, path, problems);
  if (!named) return undefined;
  const { name, body } = named;
  const at = [...path, name];
  const part = find(registry, name, at, typeof value === 'string' ? path : at, problems);
  if (!part) return undefined;
  const schema = extras ? withExtras(part.options, extras) : part.options;
  const shorthand = part.options.required?.length === 1 ? part.options.required[0] : undefined;
  const checked = isMap(body)
    ? check(schema, body, at, problems)
    : shorthand !== undefined
      ? check(schema, { [shorthand]: body }, at, problems, shorthand)
      : undefined;
  if (checked) {
    const fault = checked.isValid ? part.fault?.(checked.values as never) : undefined;
    if (fault !== undefined) problems.add(at, fault);
    return { name, path: at, ...checked, isValid: checked.isValid && fault === undefined };
  }
  problems.add(at, `expected a map of options, got ${shown(body)}`);
  return undefined;
}

/** Reads a component where nothing else depends on what is right in it; nothing when there is a mistake. */
export function readOne(
  registry: Known<Part>,
  value: unknown,
  path: Path,
  problems: Problems,
): ComponentUse | undefined {
  const found = readComponent(registry, value, path, problems);
  return found?.isValid ? { name: found.name, options: found.values } : undefined;
}

/** The options' schema of one component where it is used. */
export function withExtras(
  schema: OptionsSchema,
  extras: Readonly<Record<string, OptionSchema>>,
): OptionsSchema {
  return { ...schema, properties: { ...extras, ...schema.properties } };
}

function readName(
  kind: string,
  value: unknown,
  path: Path,
  problems: Problems,
): { readonly name: string; readonly body: unknown } | undefined {
  if (typeof value === 'string') return { name: value, body: {} };
  const entries = isMap(value) ? Object.entries(value) : [];
  if (entries.length > 1) {
    const keys = entries.map(([key]) => key);
    problems.add(path, `expected one ${kind}, got ${keys.length} (${keys.join(', ')})`);
    return undefined;
  }
  const [entry] = entries;
  if (entry) return { name: entry[0], body: entry[1] ?? {} };
  const article = /^[aeiou]/.test(kind) ? 'an' : 'a';
  problems.add(path, `expected the name of ${article} ${kind}, or { name: options }, got ${shown(value)}`);
  return undefined;
}

function find(
  registry: Known<Part>,
  name: string,
  at: Path,
  shownAt: Path,
  problems: Problems,
): Part | undefined {
  try {
    return registry.get(name);
  } catch (error) {
    problems.add(shownAt, messageOf(error), shownAt === at ? 'key' : 'value');
    return undefined;
  }
}
