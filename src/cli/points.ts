import { CodedError, describe, messageOf } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { Parameter } from '../space/parameter.ts';
import { Space } from '../space/space.ts';

/**
 * Reads points as a person writes them: a list of numbers (all parameters, or the free ones alone), an object by name (fixed
 * parameters may be left out), or a list of such.
 *
 * @param text JSON; the initial values, else the middle of the box, when not given
 * @throws {CodedError} `usage`
 */
export function parsePoints(
  text: string | undefined,
  parameters: readonly Parameter[],
): readonly Float64Array[] {
  const space = new Space(parameters);
  if (text === undefined)
    return [space.toTask(Float64Array.from(space.initial, (coordinate) => coordinate ?? 0.5))];
  const value = parseJson(text);
  const isList =
    Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'object' && one !== null);
  return (isList ? (value as unknown[]) : [value]).map((one) => pointOf(one, space));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CodedError(
      'usage',
      `--x: expected JSON such as [1, 2.5] or {"k": 1}, got ${text}: ${messageOf(error)}`,
    );
  }
}

function pointOf(value: unknown, space: Space): Float64Array {
  const { parameters, names, size, dimension } = space;
  if (Array.isArray(value)) {
    if (value.length === size) return Float64Array.from(value, (one, i) => numberOf(one, names[i]!));
    if (value.length !== dimension)
      throw new CodedError(
        'usage',
        `--x: expected ${size} numbers (${names.join(', ')}), got ${value.length}`,
      );
    let next = 0;
    return Float64Array.from(parameters, (parameter) =>
      parameter.kind === 'fixed' ? parameter.value : numberOf(value[next++], parameter.name),
    );
  }
  if (typeof value !== 'object' || value === null)
    throw new CodedError(
      'usage',
      `--x: expected a list of numbers or an object by name, got ${describe(value)}`,
    );
  for (const key of Object.keys(value)) {
    if (names.includes(key)) continue;
    const near = nearest(key, names);
    throw new CodedError(
      'usage',
      `--x: there is no parameter ${key}${near ? `; did you mean ${near}?` : ''}`,
    );
  }
  const byName = new Map(Object.entries(value));
  return Float64Array.from(parameters, (parameter) => {
    const { name } = parameter;
    if (byName.has(name)) return numberOf(byName.get(name), name);
    if (parameter.kind === 'fixed') return parameter.value;
    throw new CodedError('usage', `--x: parameter ${name} is missing`);
  });
}

function numberOf(value: unknown, name: string): number {
  if (typeof value === 'number') return value;
  throw new CodedError('usage', `--x: expected a number for ${name}, got ${describe(value)}`);
}
