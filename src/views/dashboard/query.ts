import { CodedError, describe } from '../../core/errors.ts';

/** What a request asks for, checked as the stranger's text that it is. Each throws `usage` where something else was expected. */
export interface Query {
  text(name: string): string | undefined;
  /** A whole number, 0 or more. */
  count(name: string): number | undefined;
  counts(name: string): readonly number[];
  range(from: string, to: string): readonly [number, number];
  oneOf<Choice extends string>(name: string, choices: readonly Choice[]): Choice;
  /** A field that is there when it has a value. */
  optional<Name extends string, Value>(
    name: Name,
    value: Value | undefined,
  ): { readonly [Each in Name]?: Value };
}

export function query(given: Readonly<Record<string, string | undefined>>): Query {
  const number = (name: string): number => {
    const text = given[name];
    const value = text === undefined || text.trim() === '' ? NaN : Number(text);
    if (!Number.isFinite(value)) throw expected(name, 'a number', text);
    return value;
  };
  return {
    text: (name) => given[name],
    count: (name) => (given[name] === undefined ? undefined : countOf(name, given[name])),
    counts: (name) => (given[name] ?? '').split(',').map((text) => countOf(name, text)),
    range(from, to) {
      const [low, high] = [number(from), number(to)];
      if (low < 0 || high <= low) throw expected(to, `a number above ${from}, which is 0 or more`, given[to]);
      return [low, high];
    },
    oneOf(name, choices) {
      const found = choices.find((choice) => choice === given[name]);
      if (found === undefined) throw expected(name, `one of ${choices.join(', ')}`, given[name]);
      return found;
    },
    optional: (name, value) =>
      value === undefined ? {} : ({ [name]: value } as { readonly [Each in typeof name]?: typeof value }),
  };
}

function countOf(name: string, text: string): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(value)) throw expected(name, 'a whole number', text);
  return value;
}

function expected(name: string, what: string, given: string | undefined): CodedError {
  return new CodedError('usage', `${name}: expected ${what}, got ${describe(given)}`);
}
