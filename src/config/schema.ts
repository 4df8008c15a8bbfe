import { fromJSONSchema, type ZodType } from 'zod';
import type { JsonObject } from '../core/json.ts';
import { expectation, type OptionSchema, type OptionsSchema } from '../core/options.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { type RawMap, shown, unknownOption } from './raw.ts';

/** What a check left: all values with defaults filled in or, if there were mistakes, the values that were right. */
export interface Checked {
  readonly isValid: boolean;
  readonly values: JsonObject;
}

const compiled = new WeakMap<OptionsSchema, ZodType>();

/**
 * Checks a map against the schema of a component or of a section; reports every mistake.
 *
 * @param shorthand the option whose value stands at `path` itself, as in `max-evaluations: 50000`
 */
export function check(
  schema: OptionsSchema,
  map: RawMap,
  path: Path,
  problems: Problems,
  shorthand?: string,
): Checked {
  // Each is used once or twice: to generate code for it would take longer.
  const result = compile(schema).safeParse(map, { jitless: true });
  if (result.success) return { isValid: true, values: result.data as JsonObject };
  const known = Object.keys(schema.properties);
  const wrong = new Set<PropertyKey>();
  for (const issue of result.error.issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) problems.add([...path, key], unknownOption(key, known), 'key');
      continue;
    }
    const steps = issue.path as (string | number)[];
    // One mistake may be several issues: 1.5 for an integer >= 2 is two.
    const id = steps.join('\0');
    if (wrong.has(id)) continue;
    wrong.add(id).add(steps[0]!);
    const at = steps[0] === shorthand ? steps.slice(1) : steps;
    problems.add([...path, ...at], mismatch(schemaAt(schema, steps), valueAt(map, steps)));
  }
  const right = Object.entries(map).filter(([key]) => known.includes(key) && !wrong.has(key));
  return { isValid: false, values: Object.fromEntries(right) as JsonObject };
}

function compile(schema: OptionsSchema): ZodType {
  const known = compiled.get(schema);
  if (known) return known;
  const made = fromJSONSchema(schema as unknown as Parameters<typeof fromJSONSchema>[0]);
  compiled.set(schema, made);
  return made;
}

/** `expected a number in (0, 1], got 1.5` */
function mismatch(schema: OptionSchema, value: unknown): string {
  const isInfinite = typeof value === 'number' && !Number.isFinite(value);
  const expected = isInfinite
    ? expectation(schema).replace(/^a number/, 'a finite number')
    : expectation(schema);
  return `expected ${expected}, got ${shown(value)}`;
}

function schemaAt(schema: OptionsSchema, steps: readonly (string | number)[]): OptionSchema {
  let at = schema.properties[steps[0]!]!;
  for (let depth = 1; depth < steps.length; depth++) at = at.items!;
  return at;
}

function valueAt(map: RawMap, steps: readonly (string | number)[]): unknown {
  let at: unknown = map;
  for (const step of steps) at = (at as RawMap | undefined)?.[step];
  return at;
}
