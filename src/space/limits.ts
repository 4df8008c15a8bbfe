import { type Comparison, parseComparison } from './expression.ts';
import { type Formula, formulaOf, namesIn } from './formula.ts';
import type { Parameter, TiedParameter } from './parameter.ts';
import { placesOf } from './ties.ts';

/** Something that must hold of a point before it is evaluated: a constraint, or a bound of a tied parameter. */
export interface Limit {
  /** `sigmaA < sigmaB`, as a user writes it. */
  readonly text: string;
  /** Whose it is: an index into the list of parameters, or of constraints. */
  readonly of: 'parameters' | 'constraints';
  readonly index: number;
  /** True when it is the same at all points, as it depends on no free parameter. */
  readonly isConstant: boolean;
  /** False also where a side of it is `NaN`. */
  holds(x: Float64Array): boolean;
  /** How much greater the side is that must be less: <= 0 where it holds; in the unit of its sides, `NaN` where they have no values. */
  gap(x: Float64Array): number;
}

/**
 * @param constraints comparisons, as a validated configuration has them
 * @param moving names of parameters that are not the same at all points
 */
export function limitsOf(
  parameters: readonly Parameter[],
  constraints: readonly string[],
  moving: ReadonlySet<string>,
): readonly Limit[] {
  const places = placesOf(parameters);
  const bounds = parameters.flatMap((parameter, index) =>
    parameter.kind === 'tied' ? boundsOf(parameter, index, !moving.has(parameter.name)) : [],
  );
  const comparisons = constraints.map((text, index): Limit => {
    const { operator, left, right } = parseComparison(text);
    const names = [...namesIn(left, places), ...namesIn(right, places)];
    const isConstant = !names.some(({ name }) => moving.has(name));
    const compared = compare(operator, formulaOf(left, places), formulaOf(right, places));
    return { text, of: 'constraints', index, isConstant, ...compared };
  });
  return [...bounds, ...comparisons];
}

/** A tied parameter's value is a number in its bounds, if it has any. */
function boundsOf({ name, min, max }: TiedParameter, index: number, isConstant: boolean): readonly Limit[] {
  const shared = { of: 'parameters', index, isConstant } as const;
  const value: Formula = (x) => x[index]!;
  const bounds = [
    [min, '>='],
    [max, '<='],
  ] as const;
  return [
    {
      ...shared,
      text: `${name} is a finite number`,
      holds: (x) => Number.isFinite(value(x)),
      gap: () => NaN,
    },
    ...bounds.flatMap(([bound, operator]) =>
      bound === undefined
        ? []
        : [{ ...shared, text: `${name} ${operator} ${bound}`, ...compare(operator, value, () => bound) }],
    ),
  ];
}

function compare(
  operator: Comparison['operator'],
  left: Formula,
  right: Formula,
): Pick<Limit, 'holds' | 'gap'> {
  switch (operator) {
    case '<':
      return { holds: (x) => left(x) < right(x), gap: (x) => left(x) - right(x) };
    case '<=':
      return { holds: (x) => left(x) <= right(x), gap: (x) => left(x) - right(x) };
    case '>':
      return compare('<', right, left);
    case '>=':
      return compare('<=', right, left);
  }
}
