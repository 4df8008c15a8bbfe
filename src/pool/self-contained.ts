import { nearest } from '../core/nearest.ts';
import type { AnyFunction } from './contract.ts';
import { type Reference, capturesOf } from './captures.ts';
import { globalNames } from './globals.ts';
import { type ParsedText, parseFunction } from './source.ts';
import { unusable } from './unusable.ts';

/** Names that CommonJS puts around a module, and what is used in their place. */
const INSTEAD: Readonly<Record<string, string>> = {
  require: "write process.getBuiltinModule('node:fs'), or await import('a-package')",
  module: 'export the function from a module and give fromModule(url, name)',
  exports: 'export the function from a module and give fromModule(url, name)',
  __dirname: 'pass the path as an argument',
  __filename: 'pass the path as an argument',
  arguments: 'an arrow function has none of its own: write (...args) => …',
};

/** What a text may use besides its own names and globals. */
export interface Surroundings {
  /** Names that are passed by the caller. */
  readonly given: readonly string[];
  /** Names that are there by themselves: the base of a class. */
  readonly known?: readonly string[];
  /** Whether it is sent with the object that it is a method of, and so may use `this` and `super`. */
  readonly hasObject?: boolean;
  /** How the call is written that the fix is shown in. @default f */
  readonly call?: string;
  /** What may be done instead of passing names. */
  readonly otherwise?: string;
  /** Names that cannot be passed, and what to do about them. */
  readonly instead?: Readonly<Record<string, string>>;
}

/**
 * The text of a function that uses nothing but its own names, globals and `given` ones.
 *
 * @throws {CodedError} `function-unusable`, which names all that is missing, where it is used, and shows what to write
 */
export function selfContained(f: AnyFunction, given: readonly string[]): ParsedText {
  const parsed = parseFunction(f);
  checkCaptures(parsed, { given });
  return parsed;
}

/**
 * The text of a method that was written in an object, for a call of the method `called`.
 *
 * @throws {CodedError} `function-unusable`
 */
export function methodText(f: AnyFunction, given: readonly string[], called: string): string {
  const parsed: ParsedText = { ...parseFunction(f, { isCalled: false }), what: 'method' };
  checkCaptures(parsed, { given, hasObject: true, call: `method(obj, ${JSON.stringify(called)})` });
  return parsed.expression;
}

/**
 * Checks that a text uses nothing but what there will be in a worker.
 *
 * @throws {CodedError} `function-unusable`
 */
export function checkCaptures(parsed: ParsedText, surroundings: Surroundings): void {
  const { given, known = [], hasObject = false } = surroundings;
  const { names, surroundings: taken } = capturesOf(parsed.node, hasObject);
  const [around] = taken;
  if (around)
    throw unusable(
      parsed.name,
      `uses ${around.what}, which does not travel with its text; pass what it needs as an argument\n${where(parsed, around.at)}`,
      parsed.what,
    );
  const foreign = names.filter(({ name }) => !globalNames().has(name) && !known.includes(name));
  const written = foreign.find(({ name, isWritten }) => isWritten && given.includes(name));
  if (written)
    throw unusable(
      parsed.name,
      `assigns to ${written.name}: a worker has a copy, and what it does to that is seen by nobody; return the value\n${where(parsed, written.at)}`,
      parsed.what,
    );
  const lacking = foreign.filter(({ name }) => !given.includes(name)).toSorted((a, b) => a.at - b.at);
  const missing = lacking.filter((one, i) => lacking.findIndex(({ name }) => name === one.name) === i);
  if (missing.length > 0) throw unusable(parsed.name, complaint(parsed, missing, surroundings), parsed.what);
}

function complaint(
  parsed: ParsedText,
  missing: readonly Reference[],
  { given, call = 'f', otherwise, instead = {} }: Surroundings,
): string {
  const advice = { ...INSTEAD, ...instead };
  const names = missing.map(({ name }) => name);
  const passable = names.filter((name) => !Object.hasOwn(advice, name));
  const hints = names.filter((name) => Object.hasOwn(advice, name)).map((name) => `${name}: ${advice[name]}`);
  const near = passable.flatMap((name) => {
    const like = nearest(name, given);
    return like === undefined ? [] : [`with has ${like}; is ${name} meant?`];
  });
  return [
    `uses ${names.join(', ')} from outside of it, which a worker does not have`,
    ...missing.map(({ at }) => where(parsed, at)),
    ...(passable.length > 0
      ? [
          `pass ${passable.length > 1 ? 'them' : 'it'} by name: pool.map(${call}, xs, { with: { ${[...given, ...passable].join(', ')} } })`,
        ]
      : []),
    ...(otherwise === undefined ? [] : [otherwise]),
    ...hints,
    ...near,
  ].join('\n');
}

/** The line of a position in a text, with a mark below: `  2:11 | return x * scale`. */
export function where({ text, offset }: ParsedText, at: number): string {
  const before = text.slice(0, at - offset);
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  const code = text.split('\n')[line - 1]!;
  // What is before the first character that says anything is left out, and of long lines what is far away.
  const from = Math.max(code.search(/\S/), column - 61);
  const head = `  ${line}:${column} | `;
  return `${head}${code.slice(from, from + 100)}\n${' '.repeat(head.length + column - 1 - from)}^`;
}
