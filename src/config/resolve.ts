import { checkers } from '../checkers/registry.ts';
import { CodedError } from '../core/errors.ts';
import { generators } from '../generators/registry.ts';
import { hunters } from '../hunters/registry.ts';
import type { Parameter } from '../space/parameter.ts';
import { readCache } from './cache.ts';
import { readOne } from './components.ts';
import { readConditions } from './conditions.ts';
import { checkConstantLimits, readConstraints } from './constraints.ts';
import { DEFAULTS } from './defaults.ts';
import { writtenNames } from './expressions.ts';
import { checkHuntedTypes } from './hunted-types.ts';
import { readManager } from './manager.ts';
import { checkAgainstManager, type ProbeOptimizer, probeOptimizers, readOptimizers } from './optimizers.ts';
import { amend, type Amendment, applySet, type Draft, override } from './overrides.ts';
import { readParameters } from './parameters.ts';
import { Places } from './places.ts';
import { plugIn, readPlugins } from './plugins.ts';
import { Problems } from './problems.ts';
import { copyOf, isMap, type RawMap, refuseUnknown, shown } from './raw.ts';
import type { CheckpointSettings, ConditionUse, RunConfig } from './run-config.ts';
import { check } from './schema.ts';
import { checkpointsSchema } from './sections/checkpoints.ts';
import { refuseReserve } from './reserve.ts';
import { refuseTimed } from './timed.ts';
import { readTask, type TaskRead, type TaskSetup } from './task.ts';
import { tryGenerators } from './trials.ts';
import { readWarmStart } from './warm-start.ts';

const SECTIONS: readonly string[] = [
  'plugins',
  'task',
  'parameters',
  'constraints',
  'optimizers',
  'generator',
  'hunters',
  'stop',
  'manager',
  'checkpoints',
  'cache',
  'warmStart',
];

/** What may change or check a configuration besides what it says. */
export interface ResolveOptions {
  /** `path=value`: the YAML value replaces what stands at the path. Later ones win. */
  readonly sets?: readonly string[];
  /** What a command changes in every configuration, after `sets`, and which command it is. */
  readonly amendments?: { readonly by: string; readonly changes: readonly Amendment[] };
  /** Overrides `manager.seed`. */
  readonly seed?: number;
  /** Tries the task of a module, such as by loading it in another process: what is wrong with it, if anything. */
  readonly probe?: TaskSetup['probe'];
  /** Tries an optimizer in a process of its own: what is wrong with it, if anything. */
  readonly probeOptimizer?: ProbeOptimizer;
  /** Slots are those of other machines, whatever `manager.maxJobs` says of this one. @default false */
  readonly isElsewhere?: boolean;
  /** What is wrong with the run that a configuration without other mistakes wants to start with, if anything. */
  readonly examineWarmStart?: ExamineWarmStart;
  /** The task stands for others with other parameters: whether generators go with these is not looked at. @default false */
  readonly isForAnyTask?: boolean;
  /** It is read for its task: what optimizers ask of the machine that manages is not looked at. @default false */
  readonly isForTaskAlone?: boolean;
}

export type ExamineWarmStart = (config: RunConfig) => readonly string[] | Promise<readonly string[]>;

/**
 * Checks a configuration that a program built, in the shape that it has in YAML, and fills in all defaults.
 *
 * @param options `baseDir`: what relative paths are relative to
 * @throws {ConfigError} with all mistakes
 */
export async function resolveConfig(
  value: unknown,
  options: ResolveOptions & { readonly baseDir: string },
): Promise<RunConfig> {
  const places = new Places();
  const problems = new Problems(places);
  return resolveDraft({ value: copyOf(value, [], problems), places, problems }, options);
}

/** @param file as it is shown in messages */
export async function resolveDraft(
  draft: Draft,
  options: ResolveOptions & { readonly baseDir: string },
  file?: string,
): Promise<RunConfig> {
  for (const text of options.sets ?? []) applySet(draft, text);
  const { by, changes } = options.amendments ?? { by: '', changes: [] };
  for (const change of changes) amend(draft, change, by);
  if (options.seed !== undefined)
    override(draft, ['manager', 'seed'], options.seed, `--seed ${options.seed}`);
  const { value, problems } = draft;
  if (!isMap(value))
    problems.add([], `expected a map with task and parameters, got ${shown(value ?? undefined)}`);
  const config = isMap(value) ? await readConfig(value, problems, options) : undefined;
  if (config && problems.count === 0)
    for (const fault of (await options.examineWarmStart?.(config)) ?? [])
      problems.add(['warmStart', 'run'], fault);
  problems.throwIfAny(file);
  if (!config) throw new CodedError('internal', 'a configuration was refused for no reason');
  return config;
}

/** Reads all there is, in order to find all mistakes; nothing if there were any. */
async function readConfig(
  map: RawMap,
  problems: Problems,
  options: TaskSetup &
    Pick<ResolveOptions, 'probeOptimizer' | 'isElsewhere' | 'isForAnyTask' | 'isForTaskAlone'>,
): Promise<RunConfig | undefined> {
  refuseUnknown(map, SECTIONS, [], problems);
  const plugins = await readPlugins(map['plugins'], ['plugins'], problems, options.baseDir);
  const written = writtenNames(map['parameters']);
  const read = await readTask(map['task'], ['task'], problems, { ...options, names: written });
  const task = read?.spec;
  const parameters = readTaskParameters(read, map, problems);
  const names = parameters?.map(({ name }) => name) ?? written;
  if (task?.kind === 'command' && names) {
    const { checkPlaces } = await import('./command-places.ts');
    checkPlaces(task, names, ['task'], problems);
  }
  plugIn(plugins);
  const constraints = readConstraints(map['constraints'], ['constraints'], problems, names);
  if (parameters && constraints) checkConstantLimits(parameters, constraints, problems);
  const optimizers = readOptimizers(
    map['optimizers'],
    ['optimizers'],
    problems,
    read?.hasResiduals ?? false,
    options.baseDir,
  );
  const generator = readOne(generators, map['generator'] ?? DEFAULTS.generator, ['generator'], problems);
  const free = parameters?.filter(({ kind }) => kind === 'free').length ?? 1;
  const hunt = readHunters(map, problems, free);
  const stop = readConditions(checkers, map['stop'] ?? DEFAULTS.stop(free), ['stop'], problems);
  const { settings: manager, right } = readManager(
    map['manager'],
    ['manager'],
    problems,
    options.baseDir,
    task ? DEFAULTS.managerFor(task) : {},
  );
  if (parameters && options.isForAnyTask !== true) {
    const placed = generator ? [{ path: ['generator', generator.name], use: generator }] : [];
    tryGenerators([...optimizers.generators, ...placed], parameters, right.seed ?? 0, problems);
  }
  if (options.isForTaskAlone !== true)
    checkAgainstManager(optimizers.references, right, options.isElsewhere === true, problems);
  if (parameters && options.probeOptimizer)
    await probeOptimizers(
      optimizers,
      parameters,
      right.reproducible ?? false,
      options.probeOptimizer,
      problems,
    );
  const checkpoints = readCheckpoints(map['checkpoints'], problems);
  plugIn(plugins);
  if (stop) {
    refuseTimed(stop, right, problems);
    refuseReserve(stop, right, problems);
  }
  const cache = readCache(map['cache'], ['cache'], problems);
  const warmStart = readWarmStart(map['warmStart'], ['warmStart'], problems, options.baseDir);
  const late = await read?.fault;
  if (late) problems.add(late.path, late.message);
  const { selector, use, spawn } = optimizers;
  if (!(task && parameters && constraints)) return undefined;
  if (!(selector && use && generator && hunt !== undefined && stop && manager && checkpoints))
    return undefined;
  return {
    plugins,
    task,
    parameters,
    constraints,
    optimizers: { selector, use, spawn },
    generator,
    hunters: hunt,
    stop,
    manager,
    checkpoints,
    ...(cache ? { cache } : {}),
    ...(warmStart ? { warmStart } : {}),
  };
}

function readCheckpoints(value: unknown, problems: Problems): CheckpointSettings | undefined {
  const map = value ?? {};
  if (!isMap(map)) {
    problems.add(['checkpoints'], `expected a map, got ${shown(value)}`);
    return undefined;
  }
  const { isValid, values } = check(checkpointsSchema, map, ['checkpoints'], problems);
  return isValid ? (values as unknown as CheckpointSettings) : undefined;
}

function readHunters(map: RawMap, problems: Problems, free: number): ConditionUse | null | undefined {
  const { hunters: value = DEFAULTS.hunters(Math.max(1, free)) } = map;
  if (value === null || value === 'none') return null;
  checkHuntedTypes(value, ['hunters'], problems);
  return readConditions(hunters, value, ['hunters'], problems);
}

function readTaskParameters(
  task: TaskRead | undefined,
  map: RawMap,
  problems: Problems,
): readonly Parameter[] | undefined {
  const { parameters: own, spec } = task ?? {};
  const value = map['parameters'];
  const isLeftOut = value === undefined || value === null;
  if (own && isLeftOut) return own;
  // It would have some, if it could be read.
  if (!task && isLeftOut && isMap(map['task']) && 'benchmark' in map['task']) return undefined;
  if (
    own &&
    spec?.kind === 'benchmark' &&
    Array.isArray(value) &&
    value.length > 0 &&
    value.length !== own.length
  )
    problems.add(
      ['parameters'],
      `expected ${own.length} parameters, as the benchmark ${spec.name} has here, got ${value.length}`,
    );
  return readParameters(value, ['parameters'], problems);
}
