import type { ResidualRule } from '../tasks/residuals.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { isMap, shown } from './raw.ts';
import { check } from './schema.ts';
import { residualRuleSchema } from './sections/task.ts';

/** Reads `task.residuals`: how blocks of residuals count, by their names; nothing when it is not given, or there is a mistake. */
export function readResiduals(
  value: unknown,
  path: Path,
  problems: Problems,
): readonly ResidualRule[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isMap(value)) {
    problems.add(path, `expected a map of blocks' names to { weight, loss, scale }, got ${shown(value)}`);
    return undefined;
  }
  const rules = Object.entries(value).map(([name, rule]) =>
    readRule(name, rule ?? {}, [...path, name], problems),
  );
  return rules.includes(undefined) ? undefined : (rules as readonly ResidualRule[]);
}

function readRule(name: string, rule: unknown, path: Path, problems: Problems): ResidualRule | undefined {
  // `energies: 10` is a weight.
  const map = typeof rule === 'number' ? { weight: rule } : rule;
  if (!isMap(map)) {
    problems.add(path, `expected a weight, or a map with weight, loss and scale, got ${shown(rule)}`);
    return undefined;
  }
  const { isValid, values } = check(residualRuleSchema, map, path, problems, 'weight');
  return isValid ? ({ name, ...values } as unknown as ResidualRule) : undefined;
}
