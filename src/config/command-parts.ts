import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { JsonObject } from '../core/json.ts';
import type { DakotaFiles } from '../tasks/command/dakota/spec.ts';
import type { TemplateFile, WorkDirectories } from '../tasks/command/spec.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { readOptionalMap, shown } from './raw.ts';
import { check } from './schema.ts';
import { dakotaSchema, KEEP, workDirectorySchema } from './sections/command-task.ts';

/** `task.templates`: a model for each file. */
export function readTemplates(
  value: unknown,
  path: Path,
  problems: Problems,
  baseDir: string,
): readonly TemplateFile[] {
  const map = readOptionalMap(value, path, problems);
  return Object.entries(map ?? {}).map(([to, from]) => {
    const at = [...path, to];
    if (to.startsWith('/') || to.split('/').includes('..') || to === '')
      problems.add(at, 'expected the name of a file in the work directory', 'key');
    if (typeof from !== 'string') problems.add(at, `expected the path of a template, got ${shown(from)}`);
    return { to, from: resolve(baseDir, typeof from === 'string' ? from : '.') };
  });
}

/** `task.workDirectory`; without a word when evaluations need one. */
export function readWorkDirectory(
  value: unknown,
  path: Path,
  problems: Problems,
  baseDir: string,
  isNeeded: boolean,
): WorkDirectories | undefined {
  if ((value === undefined || value === null) && !isNeeded) return undefined;
  if (value === false) {
    if (isNeeded) problems.add(path, 'templates and dakota need a directory for each evaluation');
    return undefined;
  }
  // `workDirectory: true` and `workDirectory: failed` are short for a map.
  const map =
    value === true ? {} : (KEEP as readonly unknown[]).includes(value) ? { keep: value } : (value ?? {});
  const { values } = check(workDirectorySchema, readOptionalMap(map, path, problems) ?? {}, path, problems);
  const { keep, copy = [], link = [] } = values as unknown as Partial<WorkDirectories>;
  const absolute = (files: readonly string[], key: string): readonly string[] =>
    files.map((file, i) => {
      const full = resolve(baseDir, file);
      if (!existsSync(full)) problems.add([...path, key, i], `${full} does not exist`);
      return full;
    });
  return { keep: keep ?? 'none', copy: absolute(copy, 'copy'), link: absolute(link, 'link') };
}

/** `task.dakota`. */
export function readDakota(value: unknown, path: Path, problems: Problems): DakotaFiles | undefined {
  if (value === undefined || value === null || value === false) return undefined;
  // `dakota: true` and `dakota: aprepro` are short for a map.
  const map =
    value === true
      ? {}
      : typeof value === 'string'
        ? { format: value }
        : readOptionalMap(value, path, problems);
  if (!map) return undefined;
  const { isValid, values } = check(dakotaSchema, map, path, problems);
  const { objectiveFunctions, calibrationTerms, nonlinearInequalityConstraints, metadata, ...files } =
    values as unknown as DakotaFiles & Readonly<Record<string, readonly string[] | undefined>>;
  for (const key of ['parametersFile', 'resultsFile'] as const)
    if (isValid && !isPlainName(files[key]))
      problems.add([...path, key], 'expected the name of a file in the work directory, without a slash');
  if (objectiveFunctions && calibrationTerms)
    problems.add(path, 'expected objectiveFunctions or calibrationTerms, got both');
  const responses = objectiveFunctions ?? calibrationTerms ?? ['obj_fn'];
  const labels = [...responses, ...(nonlinearInequalityConstraints ?? []), ...(metadata ?? [])];
  const twice = labels.find((label, i) => labels.indexOf(label) < i);
  if (twice !== undefined) problems.add(path, `two things are labelled ${twice}`);
  return isValid
    ? {
        ...files,
        responses,
        isCalibration: calibrationTerms !== undefined,
        constraints: nonlinearInequalityConstraints ?? [],
        metadata: metadata ?? [],
      }
    : undefined;
}

function isPlainName(name: string): boolean {
  return !/[/\0]/.test(name) && name !== '.' && name !== '..';
}

/** As a configuration has it. */
export function writtenDakota({
  responses,
  isCalibration,
  constraints,
  metadata,
  ...files
}: DakotaFiles): JsonObject {
  return {
    ...files,
    [isCalibration ? 'calibrationTerms' : 'objectiveFunctions']: responses,
    nonlinearInequalityConstraints: constraints,
    metadata,
  };
}
