import { CodedError } from '../core/errors.ts';
import { parseExpression } from './expression.ts';
import { type Formula, formulaOf, namesIn } from './formula.ts';
import type { Parameter } from './parameter.ts';

/** How one tied parameter gets its value. */
interface Tie {
  /** Its place in a point. */
  readonly at: number;
  readonly formula: Formula;
}

export interface Ties {
  /** Each after those that its value depends on. */
  readonly ties: readonly Tie[];
  /** The names of parameters that are not the same at all points: free ones, and those tied to them. */
  readonly moving: ReadonlySet<string>;
}

/** @param parameters without cycles, as a validated configuration has them */
export function tiesOf(parameters: readonly Parameter[]): Ties {
  const places = placesOf(parameters);
  const trees = new Map(
    parameters.flatMap((parameter) =>
      parameter.kind === 'tied' ? [[parameter.name, parseExpression(parameter.expression)] as const] : [],
    ),
  );
  const needs = new Map(
    Array.from(trees, ([name, tree]) => [name, namesIn(tree, places).map((one) => one.name)]),
  );
  const { order, cycles } = inOrder(needs);
  if (cycles.length > 0) throw new CodedError('internal', `${cycles[0]!.join(' -> ')} is a cycle`);
  const moving = new Set(parameters.filter(({ kind }) => kind === 'free').map(({ name }) => name));
  for (const name of order) if (needs.get(name)!.some((need) => moving.has(need))) moving.add(name);
  const ties = order.map((name) => ({
    at: places.get(name)!,
    formula: formulaOf(trees.get(name)!, places),
  }));
  return { ties, moving };
}

/** Where each parameter stands in a point. */
export function placesOf(parameters: readonly Parameter[]): ReadonlyMap<string, number> {
  return new Map(parameters.map(({ name }, at) => [name, at]));
}

/**
 * Puts tied parameters into an order in which they can be computed.
 *
 * @param needs for each of them, the names in its expression; those that are not tied themselves do not matter
 * @returns `cycles`: those that depend on themselves, each as `[a, b, a]`; if there are any, `order` is of no use
 */
export function inOrder(needs: ReadonlyMap<string, readonly string[]>): {
  readonly order: readonly string[];
  readonly cycles: readonly (readonly string[])[];
} {
  const order: string[] = [];
  const cycles: string[][] = [];
  const seen = new Set<string>();
  const way: string[] = [];
  const visit = (name: string): void => {
    const from = way.indexOf(name);
    if (from >= 0) cycles.push([...way.slice(from), name]);
    if (seen.has(name)) return;
    seen.add(name);
    way.push(name);
    for (const need of new Set(needs.get(name))) if (needs.has(need)) visit(need);
    way.pop();
    order.push(name);
  };
  for (const name of needs.keys()) visit(name);
  return { order, cycles };
}
