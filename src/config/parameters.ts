import { describe } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { FreeParameter, Parameter, TiedParameter } from '../space/parameter.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { isMap, shown } from './raw.ts';
import { check } from './schema.ts';
import { parameterSchema } from './sections/parameters.ts';
import { checkTies, expressionIn, isTied, readTied } from './ties.ts';

/** Everything that only a free parameter has. */
const FREE_ONLY = ['min', 'max', 'type', 'scale', 'initial'];

/**
 * Reads the list of parameters.
 *
 * @returns nothing when there is a mistake
 */
export function readParameters(
  value: unknown,
  path: Path,
  problems: Problems,
): readonly Parameter[] | undefined {
  if (!Array.isArray(value) || value.length === 0) {
    const expected = Array.isArray(value) ? 'at least one parameter' : 'a list of parameters';
    problems.add(path, `expected ${expected}, got ${shown(value)}`);
    return undefined;
  }
  const owners = new Map<string, number>();
  const before = problems.count;
  const parameters = value.map((item: unknown, i) => readParameter(item, [...path, i], i, owners, problems));
  checkTies(value, path, problems);
  if (!parameters.every((parameter) => parameter !== undefined)) return undefined;
  if (!parameters.some(({ kind }) => kind === 'free')) {
    const kinds = parameters.every(({ kind }) => kind === 'fixed') ? 'fixed' : 'fixed and tied';
    problems.add(path, `expected at least one parameter with min and max, got only ${kinds} ones`);
  }
  return problems.count === before ? parameters : undefined;
}

function readParameter(
  value: unknown,
  path: Path,
  index: number,
  owners: Map<string, number>,
  problems: Problems,
): Parameter | undefined {
  if (!isMap(value)) {
    problems.add(path, `expected a map with name, min and max, or name and value, got ${shown(value)}`);
    return undefined;
  }
  const before = problems.count;
  if (isTied(value)) {
    const tied = readTied(value, path, problems);
    checkName(tied, path, index, owners, problems);
    return problems.count === before ? tiedOf(tied) : undefined;
  }
  const { values } = check(parameterSchema, value, path, problems);
  checkName(values, path, index, owners, problems);
  if ('value' in value) {
    for (const key of FREE_ONLY)
      if (key in value)
        problems.add([...path, key], 'unexpected beside value: a fixed parameter has no bounds', 'key');
  } else if ('min' in value || 'max' in value) {
    for (const key of ['min', 'max'])
      if (!(key in value)) problems.add([...path, key], 'expected a number, got nothing');
    checkBounds(values, path, problems);
  } else {
    problems.add(path, 'expected min and max, or value, got neither');
  }
  return problems.count === before ? parameterOf(values) : undefined;
}

function checkName(
  { name }: JsonObject,
  path: Path,
  index: number,
  owners: Map<string, number>,
  problems: Problems,
): void {
  if (typeof name !== 'string') return;
  const owner = owners.get(name);
  if (owner === undefined) owners.set(name, index);
  else
    problems.add(
      [...path, 'name'],
      `expected a name of its own, got ${describe(name)}, as parameters[${owner}] has`,
    );
}

/** Checks what bounds, initial value, type and scale mean together; what is missing or of a wrong type was told before. */
function checkBounds(values: JsonObject, path: Path, problems: Problems): void {
  const { min, max, initial, type, scale } = values;
  const given = Object.entries({ min, max, initial }).filter(
    (entry): entry is [string, number] => entry[1] !== undefined,
  );
  const refuse = (key: string, message: string): void => {
    problems.add([...path, key], message);
  };
  if (type === 'integer')
    for (const [key, value] of given)
      if (!Number.isSafeInteger(value)) refuse(key, `expected an integer, as type is integer, got ${value}`);
  if (scale === 'log' && typeof min === 'number' && min <= 0)
    refuse('min', `expected a number > 0, as scale is log, got ${min}`);
  if (typeof min !== 'number' || typeof max !== 'number') return;
  if (min === max)
    refuse(
      'max',
      `expected a number > min (${min}), got ${max}; a fixed parameter has a value instead of bounds`,
    );
  else if (min > max) refuse('max', `expected a number > min (${min}), got ${max}`);
  else if (typeof initial === 'number' && (initial < min || initial > max))
    refuse('initial', `expected a number in [${min}, ${max}], got ${initial}`);
}

/** @param values that were checked, with defaults filled in */
function parameterOf(values: JsonObject): Parameter {
  if ('value' in values)
    return { name: values['name'] as string, kind: 'fixed', value: values['value'] as number };
  const { name, type, scale, min, max, initial } = values as unknown as FreeParameter;
  return { name, kind: 'free', type, scale, min, max, ...(initial === undefined ? {} : { initial }) };
}

function tiedOf(values: JsonObject): TiedParameter {
  const { name, value, min, max } = values as { name: string; value: string; min?: number; max?: number };
  return {
    name,
    kind: 'tied',
    expression: expressionIn(value),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  };
}
