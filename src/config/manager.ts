import { resolve } from 'node:path';
import { freshSeed } from '../core/random.ts';
import type { FailurePolicy } from '../tasks/contract.ts';
import { DEFAULTS } from './defaults.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { isMap, shown } from './raw.ts';
import type { ManagerSettings } from './run-config.ts';
import { check } from './schema.ts';
import { managerSchema, recoverSchema } from './sections/manager.ts';

/** The schema of `manager` for finding keys; its `onFailure` has two forms and is checked apart. */
const SCHEMA = {
  ...managerSchema,
  properties: {
    ...managerSchema.properties,
    onFailure: { description: 'what a failed evaluation is told as' },
  },
};

/** What `manager` says. */
export interface ManagerDraft {
  /** Nothing when there is a mistake. */
  readonly settings?: ManagerSettings;
  /** What could be read in any case. */
  readonly right: Partial<ManagerSettings>;
}

/**
 * @param baseDir what relative paths are relative to
 * @param defaults where they depend on the task
 */
export function readManager(
  value: unknown,
  path: Path,
  problems: Problems,
  baseDir: string,
  defaults: Partial<Pick<ManagerSettings, 'backend'>> = {},
): ManagerDraft {
  const map = value ?? {};
  if (!isMap(map)) {
    problems.add(path, `expected a map, got ${shown(value)}`);
    return { right: {} };
  }
  const onFailure = readFailurePolicy(map['onFailure'] ?? 'worst', [...path, 'onFailure'], problems);
  const usual = { ...defaults, ...('maxJobs' in map ? {} : { maxJobs: DEFAULTS.maxJobs() }) };
  const { isValid, values } = check(SCHEMA, { ...usual, ...map }, path, problems);
  if (!isValid || !onFailure) return { right: values };
  const given = values as unknown as Omit<ManagerSettings, 'onFailure' | 'seed'>;
  const { logDir } = given;
  const paths = logDir === undefined ? {} : { logDir: resolve(baseDir, logDir) };
  const settings = { seed: freshSeed(), ...given, ...paths, onFailure };
  return { settings, right: settings };
}

function readFailurePolicy(value: unknown, path: Path, problems: Problems): FailurePolicy | undefined {
  if (value === 'worst' || value === 'abort') return { kind: value };
  if (isMap(value)) {
    const { isValid, values } = check(recoverSchema, value, path, problems);
    return isValid ? { kind: 'recover', value: values['recover'] as number } : undefined;
  }
  problems.add(path, `expected worst, abort or { recover: value }, got ${shown(value)}`);
  return undefined;
}
