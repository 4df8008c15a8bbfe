import { isMap } from '../../src/config/raw.ts';

export type Steps = readonly (string | number)[];

/** A configuration with one change, and what the change was. */
export interface Mutant {
  readonly change: string;
  readonly value: unknown;
}

/** What may be put in place of anything: each type, and the numbers at which ranges begin and end. */
const OTHERS: readonly unknown[] = [
  'some text',
  '',
  '= a',
  -1,
  0,
  0.5,
  1,
  7,
  1e12,
  2 ** 60,
  true,
  false,
  null,
  [],
  ['some text'],
  [1, -2.5],
  {},
  { unheardOf: 1 },
  'none',
];

/**
 * Every way to change one thing in a configuration: a key more, a key less, anything in the place of anything.
 *
 * @param isOfInterest of where the change would be
 */
export function* mutants(
  value: unknown,
  isOfInterest: (steps: Steps) => boolean = () => true,
): Generator<Mutant, void> {
  for (const steps of pathsIn(value)) {
    if (!isOfInterest(steps)) continue;
    const at = steps.join('.') || 'the whole';
    const old = valueAt(value, steps);
    for (const other of OTHERS)
      if (steps.length > 0 && JSON.stringify(other) !== JSON.stringify(old))
        yield { change: `${at} = ${JSON.stringify(other)}`, value: withValue(value, steps, other) };
    if (isMap(old)) {
      yield { change: `${at} has a key more`, value: withValue(value, steps, { ...old, unheardOf: 1 }) };
      for (const key of Object.keys(old)) {
        const { [key]: _, ...rest } = old;
        yield { change: `${at} has no ${key}`, value: withValue(value, steps, rest) };
      }
    }
    if (Array.isArray(old) && old.length > 0)
      yield {
        change: `${at} has its last twice`,
        value: withValue(value, steps, [...(old as unknown[]), old.at(-1)]),
      };
  }
}

/** Of everything in it, itself first. */
function* pathsIn(value: unknown, steps: Steps = []): Generator<Steps, void> {
  yield steps;
  if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* pathsIn(item, [...steps, i]);
  else if (isMap(value))
    for (const [key, item] of Object.entries(value)) yield* pathsIn(item, [...steps, key]);
}

function valueAt(value: unknown, steps: Steps): unknown {
  return steps.reduce<unknown>((at, step) => (at as Record<string | number, unknown>)[step], value);
}

function withValue(value: unknown, [step, ...rest]: Steps, other: unknown): unknown {
  if (step === undefined) return other;
  const inner = withValue((value as Record<string | number, unknown>)[step], rest, other);
  if (Array.isArray(value)) return (value as unknown[]).with(Number(step), inner);
  return { ...(value as object), [step]: inner };
}
