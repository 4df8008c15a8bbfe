import type { EnvironmentRule } from '../tasks/contract.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { isMap, shown } from './raw.ts';
import { check } from './schema.ts';
import { environmentSchema, VARIABLE } from './sections/environment.ts';

/** Reads `task.environment`; `undefined` when it is not given, or there is a mistake, which is then among the problems. */
export function readEnvironment(value: unknown, path: Path, problems: Problems): EnvironmentRule | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isMap(value)) {
    problems.add(path, `expected a map with pass and set, got ${shown(value)}`);
    return undefined;
  }
  const { isValid, values } = check(environmentSchema, value, path, problems);
  if (!isValid) return undefined;
  const { pass, set } = values as { readonly pass?: readonly string[]; readonly set?: object };
  const texts = set && readTexts(set, [...path, 'set'], problems);
  return { ...(pass ? { pass } : {}), ...(texts ? { set: texts } : {}) };
}

/** `OMP_NUM_THREADS: 1` is a text in an environment, as everything is there. */
function readTexts(set: object, path: Path, problems: Problems): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(set) as readonly (readonly [string, unknown])[]) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      texts[name] = String(value);
    else problems.add([...path, name], `expected a text, a number, true or false, got ${shown(value)}`);
    if (!VARIABLE.test(name)) problems.add([...path, name], 'expected letters, digits and _', 'key');
  }
  return texts;
}
