import type { EnvironmentRule } from '../tasks/contract.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { readOptionalMap } from './raw.ts';
import { check } from './schema.ts';
import { environmentSchema } from './sections/command-task.ts';

/** `task.environment`, of any program. */
export function readEnvironment(value: unknown, path: Path, problems: Problems): EnvironmentRule | undefined {
  const map = readOptionalMap(value, path, problems);
  if (!map) return undefined;
  const { isValid, values } = check(environmentSchema, map, path, problems);
  const rule = values as EnvironmentRule;
  for (const name of Object.keys(rule.set ?? {}))
    // Shells that are on the way let go of others.
    if (!/^[A-Za-z_]\w*$/.test(name))
      problems.add([...path, 'set', name], 'expected letters, digits and _', 'key');
  return isValid ? rule : undefined;
}
