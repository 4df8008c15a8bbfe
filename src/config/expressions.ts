import { nearest } from '../core/nearest.ts';
import { ExpressionError } from '../space/expression.ts';
import { namesIn } from '../space/formula.ts';
import type { Expression } from '../space/expression.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { isMap } from './raw.ts';

/** Where an expression is written, and who takes its mistakes. */
export interface Writing {
  readonly path: Path;
  readonly problems: Problems;
  /** How many characters of the value stand before it. */
  readonly offset: number;
}

/** @returns what `parse` makes of `text`; nothing when it is no expression, which is then among the problems */
export function parseAt<Parsed>(
  parse: (text: string) => Parsed,
  text: string,
  { path, problems, offset }: Writing,
): Parsed | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    problems.add(path, `${error.message} (at character ${offset + error.at + 1})`);
    return undefined;
  }
}

/**
 * The names of parameters in an expression; those that there are not are told.
 *
 * @param known nothing when no list of parameters was given: then any name will do
 */
export function readNames(
  expression: Expression,
  known: readonly string[] | undefined,
  { path, problems, offset }: Writing,
): readonly string[] {
  const found = namesIn(expression, new Set(known));
  for (const { name, at } of found) {
    if (!known || known.includes(name)) continue;
    const near = nearest(name, known);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    problems.add(path, `there is no parameter ${name} (at character ${offset + at + 1})${hint}`);
  }
  return found.map(({ name }) => name);
}

/** The names in a list of parameters as it was written, whatever else is wrong with it. */
export function writtenNames(parameters: unknown): readonly string[] | undefined {
  if (!Array.isArray(parameters)) return undefined;
  return parameters.flatMap((item: unknown) => {
    const name = isMap(item) ? item['name'] : undefined;
    return typeof name === 'string' ? [name] : [];
  });
}
