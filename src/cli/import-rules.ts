import type { RunConfig } from '../config/run-config.ts';
import type { Parameter } from '../space/parameter.ts';
import { Space } from '../space/space.ts';
import type { ParameterRules } from '../views/import/parameters.ts';

/** By how much the value of a tied parameter may differ from what the others give: a part of the point's largest number. */
const TIE_TOLERANCE = 1e-9;

/** The points that a run of a configuration could have evaluated. Tables may lack fixed and tied parameters. */
export function rulesOf({ parameters, constraints }: RunConfig): ParameterRules {
  const space = new Space(parameters, constraints);
  const kinds = new Map(parameters.map(({ name, kind }) => [name, kind]));
  return {
    names: space.names,
    mayLack: (name) => kinds.get(name) !== 'free',
    complete: (x) => complete(x, space),
  };
}

function complete(x: Float64Array, space: Space): readonly string[] {
  const mistakes: string[] = [];
  for (const [i, parameter] of space.parameters.entries()) {
    if (parameter.kind === 'fixed' && Number.isNaN(x[i]!)) x[i] = parameter.value;
    const mistake = mistakeOf(x[i]!, parameter);
    if (mistake !== undefined) mistakes.push(`${parameter.name}: ${mistake}`);
  }
  if (mistakes.length > 0) return mistakes;
  const tied = space.withTies(x);
  const largest = tied.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (const [i, value] of tied.entries()) {
    if (Number.isNaN(x[i]!)) x[i] = value;
    else if (Math.abs(x[i]! - value) > TIE_TOLERANCE * largest)
      mistakes.push(`${space.names[i]}: expected ${value}, to which others tie it, got ${x[i]}`);
  }
  if (mistakes.length > 0) return mistakes;
  return space.breaches(x).map(({ limit }) => `${limit.text} does not hold`);
}

function mistakeOf(value: number, parameter: Parameter): string | undefined {
  if (parameter.kind === 'tied') return undefined;
  if (parameter.kind === 'fixed')
    return value === parameter.value
      ? undefined
      : `expected ${parameter.value}, at which it is fixed, got ${value}`;
  const { min, max, type } = parameter;
  const isInteger = type === 'integer';
  if (value >= min && value <= max && (!isInteger || Number.isInteger(value))) return undefined;
  return `expected ${isInteger ? 'an integer' : 'a number'} in [${min}, ${max}], got ${value}`;
}
