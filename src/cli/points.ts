import { CodedError, describe, messageOf } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { FixedParameter, TiedParameter } from '../space/parameter.ts';
import type { Space } from '../space/space.ts';

/** By how much a value that is given for a tied parameter may differ from what the others give: a part of the point's largest number. */
const TIE_TOLERANCE = 1e-9;

/**
 * Reads points as a person writes them: a list of numbers (all parameters, or the free ones alone), an object by name (fixed and tied
 * parameters may be left out), or a list of such.
 *
 * @param text JSON; the initial values, else the middle of the box, when not given
 * @throws {CodedError} `usage`
 */
export function parsePoints(text: string | undefined, space: Space): readonly Float64Array[] {
  if (text === undefined)
    return [space.toTask(Float64Array.from(space.initial, (coordinate) => coordinate ?? 0.5))];
  const value = parseJson(text);
  const isList =
    Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'object' && one !== null);
  return (isList ? (value as unknown[]) : [value]).map((one) => tie(pointOf(one, space), space));
}

/** Gives tied parameters their values. @param given has `NaN` where none was given */
function tie(given: Float64Array, space: Space): Float64Array {
  const x = space.withTies(given);
  const largest = x.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (const [i, value] of x.entries())
    if (Math.abs(given[i]! - value) > TIE_TOLERANCE * largest)
      throw new CodedError(
        'usage',
        `--x: ${space.names[i]} is tied to others, which make it ${value}, got ${given[i]}; it may be left out`,
      );
  return x;
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
      parameter.kind === 'free' ? numberOf(value[next++], parameter.name) : valueOf(parameter),
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
    if (parameter.kind !== 'free') return valueOf(parameter);
    throw new CodedError('usage', `--x: parameter ${name} is missing`);
  });
}

/** What a parameter is that nobody gave: that of a tied one follows later. */
function valueOf(parameter: FixedParameter | TiedParameter): number {
  return parameter.kind === 'fixed' ? parameter.value : NaN;
}

function numberOf(value: unknown, name: string): number {
  if (typeof value === 'number') return value;
  throw new CodedError('usage', `--x: expected a number for ${name}, got ${describe(value)}`);
}
