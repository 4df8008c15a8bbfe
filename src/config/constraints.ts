import { parseComparison } from '../space/expression.ts';
import type { Parameter } from '../space/parameter.ts';
import { Space } from '../space/space.ts';
import { parseAt, readNames } from './expressions.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { shown } from './raw.ts';

/**
 * Reads the list of constraints.
 *
 * @param names of the parameters; nothing when they are not known
 * @returns nothing when there is a mistake
 */
export function readConstraints(
  value: unknown,
  path: Path,
  problems: Problems,
  names: readonly string[] | undefined,
): readonly string[] | undefined {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    problems.add(path, `expected a list of comparisons such as "a < b", got ${shown(value)}`);
    return undefined;
  }
  const before = problems.count;
  for (const [i, text] of value.entries()) readConstraint(text, [...path, i], problems, names);
  return problems.count === before ? value.map((text: string) => text.trim()) : undefined;
}

function readConstraint(
  text: unknown,
  path: Path,
  problems: Problems,
  names: readonly string[] | undefined,
): void {
  if (typeof text !== 'string') {
    problems.add(path, `expected a comparison such as "a < b", got ${shown(text)}`);
    return;
  }
  const writing = { path, problems, offset: 0 };
  const comparison = parseAt(parseComparison, text, writing);
  if (!comparison) return;
  const { left, right } = comparison;
  const found = [left, right].flatMap((side) => readNames(side, names, writing));
  if (found.length === 0) problems.add(path, 'expected a comparison of parameters, got one that names none');
}

/**
 * Checks those limits that are the same everywhere: one that never holds leaves nothing to evaluate, a constraint that always does is
 * a mistake.
 */
export function checkConstantLimits(
  parameters: readonly Parameter[],
  constraints: readonly string[],
  problems: Problems,
): void {
  const space = new Space(parameters, constraints);
  const x = space.toTask(new Float64Array(space.dimension));
  for (const limit of space.limits.filter(({ isConstant }) => isConstant)) {
    const { of, index, text } = limit;
    if (of === 'constraints')
      problems.add(
        [of, index],
        `${limit.holds(x) ? 'always' : 'never'} holds, as it depends on no free parameter`,
      );
    else if (!limit.holds(x))
      problems.add(
        [of, index, 'value'],
        `never may be evaluated, as ${text} does not hold: it is ${x[index]} everywhere`,
      );
  }
}
