import { resolve } from 'node:path';
import type { JsonObject } from '../core/json.ts';
import { generators } from '../generators/registry.ts';
import { outsideOptimizers } from '../optimizers/outside/registry.ts';
import { namedOptimizers } from '../optimizers/registry.ts';
import type { Parameter } from '../space/parameter.ts';
import { selectors } from '../selectors/registry.ts';
import { readComponent, readOne, type Reference } from './components.ts';
import { DEFAULTS } from './defaults.ts';
import { backendsFor, EVALUATED_IN } from './levels.ts';
import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { isMap, type RawMap, refuseUnknown, shown } from './raw.ts';
import type { ComponentUse, ManagerSettings, OptimizerUse, SpawnLimits } from './run-config.ts';
import { check } from './schema.ts';
import { optimizerExtras, spawnSchema } from './sections/optimizers.ts';
import { type Placed, trySelector } from './trials.ts';

/** What `optimizers` says. */
export interface OptimizersDraft {
  /** Nothing when there is a mistake in it; so with `use`. */
  readonly selector: ComponentUse | undefined;
  readonly use: readonly OptimizerUse[] | undefined;
  readonly spawn: SpawnLimits;
  /** Those of `use` that could be read, in any case. */
  readonly references: readonly Reference[];
  /** Their own generators. */
  readonly generators: readonly Placed[];
}

/**
 * Reads `optimizers`: a map with `selector`, `use` and `spawn`, or just the list.
 *
 * @param hasResiduals whether the task is known to return residuals
 * @param baseDir what relative paths are relative to
 */
export function readOptimizers(
  value: unknown,
  path: Path,
  problems: Problems,
  hasResiduals: boolean,
  baseDir: string,
): OptimizersDraft {
  if (Array.isArray(value)) return readDraft({ use: value }, path, path, problems, baseDir);
  const portfolio = DEFAULTS.portfolio(hasResiduals);
  const map = value ?? {};
  if (isMap(map)) {
    refuseUnknown(map, ['selector', 'use', 'spawn'], path, problems);
    // A selector is chosen for the optimizers that it is to select from.
    const draft =
      map['use'] === undefined
        ? { ...map, use: portfolio.use, selector: map['selector'] ?? portfolio.selector }
        : map;
    return readDraft(draft, path, [...path, 'use'], problems, baseDir);
  }
  problems.add(path, `expected a list of optimizers, or a map with selector and use, got ${shown(value)}`);
  return { selector: undefined, use: undefined, spawn: {}, references: [], generators: [] };
}

function readDraft(
  { selector, use, spawn }: RawMap,
  path: Path,
  usePath: Path,
  problems: Problems,
  baseDir: string,
): OptimizersDraft {
  const list = use;
  const isList = Array.isArray(list) && list.length > 0;
  if (!isList) problems.add(usePath, `expected a list of at least one optimizer, got ${shown(use)}`);
  const found = isList ? list.map((item, i) => readUse(item, [...usePath, i], problems)) : [];
  const references = found.filter((reference) => reference !== undefined);
  const isRight = isList && found.every((reference) => reference?.isValid);
  const selectorPath = [...path, 'selector'];
  const chosen = readOne(selectors, selector ?? DEFAULTS.selector, selectorPath, problems);
  if (chosen && isList)
    trySelector({ path: [...selectorPath, chosen.name], use: chosen }, list.length, problems);
  return {
    selector: chosen,
    use: isRight ? references.map((one) => optimizerUse(one, baseDir)) : undefined,
    spawn: readSpawn(spawn, [...path, 'spawn'], problems),
    references,
    generators: references.flatMap(({ path: at, generator }) =>
      generator ? [{ path: [...at, 'generator', generator.name], use: generator }] : [],
    ),
  };
}

/** One optimizer, with its own generator if it has one. */
function readUse(item: unknown, path: Path, problems: Problems): UseReference | undefined {
  const [name, body] = isMap(item) ? (Object.entries(item)[0] ?? []) : [];
  if (name === undefined || !isMap(body) || !('generator' in body))
    return readComponent(namedOptimizers, item, path, problems, optimizerExtras);
  const { generator: value, ...rest } = body;
  const reference = readComponent(
    namedOptimizers,
    { ...(item as RawMap), [name]: rest },
    path,
    problems,
    optimizerExtras,
  );
  const generator = readOne(generators, value, [...path, name, 'generator'], problems);
  return reference && { ...reference, isValid: reference.isValid && generator !== undefined, generator };
}

interface UseReference extends Reference {
  readonly generator?: ComponentUse | undefined;
}

function readSpawn(value: unknown, path: Path, problems: Problems): SpawnLimits {
  const map = value ?? {};
  if (isMap(map)) return check(spawnSchema, map, path, problems).values;
  problems.add(path, `expected a map with optimizers or evaluations, got ${shown(value)}`);
  return {};
}

function optimizerUse({ name, values, generator }: UseReference, baseDir: string): OptimizerUse {
  const { workers, evaluate, priority, maxStarts, ...options } = values as Extras & JsonObject;
  return {
    name,
    options: located(name, options, baseDir),
    workers,
    evaluate,
    ...(priority === undefined ? {} : { priority }),
    ...(maxStarts === undefined ? {} : { maxStarts }),
    ...(generator ? { generator } : {}),
  };
}

/** With the paths in it made absolute. */
function located(name: string, options: JsonObject, baseDir: string): JsonObject {
  if (!outsideOptimizers.has(name)) return options;
  const absolute = (path: string): string => resolve(baseDir, path);
  return outsideOptimizers.get(name).located(options as never, absolute) as unknown as JsonObject;
}

/** Tries an optimizer in a process of its own: what is wrong with it, if anything. */
export type ProbeOptimizer = (
  use: OptimizerUse,
  parameters: readonly Parameter[],
  isReproducible: boolean,
) => Promise<string | undefined>;

/** Tries those in processes of their own, all at once: a program or a package may be missing. */
export async function probeOptimizers(
  { use = [], references }: OptimizersDraft,
  parameters: readonly Parameter[],
  isReproducible: boolean,
  probe: ProbeOptimizer,
  problems: Problems,
): Promise<void> {
  const faults = await Promise.all(
    use.map(async (one) =>
      outsideOptimizers.has(one.name) ? probe(one, parameters, isReproducible) : undefined,
    ),
  );
  for (const [i, fault] of faults.entries())
    if (fault !== undefined) problems.add(references[i]!.path, fault);
}

/** What `optimizerExtras` checks. */
type Extras = Pick<OptimizerUse, 'workers' | 'evaluate' | 'priority' | 'maxStarts'>;

/** Whether other machines evaluate its points, where there are any. */
function isForOthers({ values }: Reference): boolean {
  const { evaluate = 'inline' } = values as Partial<Extras>;
  return evaluate === 'inline' || evaluate === 'cluster';
}

/**
 * Checks each optimizer against what the manager offers, as far as both could be read.
 *
 * @param isElsewhere whether other machines evaluate
 */
export function checkAgainstManager(
  references: readonly Reference[],
  { maxJobs, backend, reproducible }: Partial<ManagerSettings>,
  isElsewhere: boolean,
  problems: Problems,
): void {
  // In a reproducible run who starts when must not depend on machines; and where no points go to these, they bring no slots.
  const mayBeElastic = reproducible !== true && references.some(isForOthers);
  const allowed = `at most maxJobs (${maxJobs})${mayBeElastic ? ' without an engine' : ''}`;
  const isLimited = !(isElsewhere && mayBeElastic);
  for (const { path, values } of references) {
    const { workers, evaluate } = values as Partial<Extras>;
    if (isLimited && workers !== undefined && maxJobs !== undefined && workers > maxJobs)
      problems.add([...path, 'workers'], `expected ${allowed}, got ${workers}`);
    if (evaluate && backend && !EVALUATED_IN[backend].includes(evaluate))
      problems.add(
        [...path, 'evaluate'],
        `expected ${EVALUATED_IN[backend].join(' or ')}, as manager.backend is ${backend}, got ${evaluate}; ` +
          `it works with backend: ${backendsFor(evaluate).join(' or ')}`,
      );
  }
}
