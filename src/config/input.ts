import type { FreeParameter } from '../space/parameter.ts';
import { loadConfig } from './load.ts';
import type {
  KnownCheckers,
  KnownGenerators,
  KnownHunters,
  KnownOptimizers,
  KnownSelectors,
} from './known.ts';
import { Places } from './places.ts';
import { plugIn } from './plugins.ts';
import { ConfigError, Problems } from './problems.ts';
import { copyOf, isMap, shown } from './raw.ts';
import { resolveDraft, type ResolveOptions } from './resolve.ts';
import type {
  CacheSettings,
  CheckpointSettings,
  ManagerSettings,
  RunConfig,
  SpawnLimits,
  WarmStartSettings,
} from './run-config.ts';
import { refuseReserve } from './reserve.ts';
import { tryComponents } from './trials.ts';
import type { CommandInput, PythonInput, ResidualsInput, WorkerInput } from './task-input.ts';

/**
 * A configuration as a program writes it: what stands in YAML, as plain data. All but `task` and `parameters` have defaults, and with a
 * benchmark so do the parameters.
 *
 * The types know the components that glompo has and their options; any other name may be that of a plug-in. What they cannot
 * know (bounds, names, what goes together) is checked when the run starts, by the same rules as a file.
 */
export interface ConfigInput {
  /** Modules with components of your own, see `Plugin`; relative to `baseDir`. */
  readonly plugins?: readonly string[];
  readonly task: TaskInput;
  readonly parameters?: readonly ParameterInput[];
  /** What must hold of a point for it to be evaluated: `a + b <= 2*c`. */
  readonly constraints?: readonly string[];
  /** Which optimizers are started; a list, or with what chooses among them. @default see `glompo validate` */
  readonly optimizers?: readonly OptimizerInput[] | OptimizersInput;
  /** Where optimizers start. @default 'random' */
  readonly generator?: ComponentInput<KnownGenerators>;
  /** When an optimizer is killed; `none`: never. @default see `glompo validate` */
  readonly hunters?: ConditionInput<KnownHunters> | 'none' | null;
  /** When the run ends. @default 2500 evaluations for each free parameter */
  readonly stop?: ConditionInput<KnownCheckers> | null;
  readonly manager?: ManagerInput;
  /** When checkpoints are made. @default only when somebody asks */
  readonly checkpoints?: Partial<CheckpointSettings>;
  /** Points whose values are known are not evaluated again. @default false */
  readonly cache?: boolean | Partial<CacheSettings> | null;
  /** Another run, with whose evaluations this one starts: its directory, relative to `baseDir`. @default none */
  readonly warmStart?: string | (Pick<WarmStartSettings, 'run'> & Partial<WarmStartSettings>) | null;
}

/** What is minimized: a function that a module exports, a program, or a test function. */
export type TaskInput =
  | {
      /** A `.ts` or `.js` file, relative to `baseDir`. */
      readonly module: string;
      /** The export to use. @default `default`, then `evaluate`, then the only function there is */
      readonly export?: string;
      readonly residuals?: ResidualsInput;
    }
  | CommandInput
  | WorkerInput
  | PythonInput
  | {
      /** One of `glompo list benchmarks`. */
      readonly benchmark: string;
      readonly module?: never;
      readonly command?: never;
      readonly python?: never;
      /** What it takes, such as its `dimension`. */
      readonly [option: string]: string | number | undefined;
    };

/** One parameter: free between bounds, fixed at a number, or tied to others by an expression such as `= -a - 2*b`. */
export type ParameterInput =
  | (Pick<FreeParameter, 'name' | 'min' | 'max'> & Partial<Pick<FreeParameter, 'type' | 'scale' | 'initial'>>)
  | { readonly name: string; readonly value: number }
  | { readonly name: string; readonly value: `=${string}`; readonly min?: number; readonly max?: number };

/** A component: its name, or its name with its options. */
export type ComponentInput<Known> =
  | (keyof Known & string)
  | (string & {})
  | ({ readonly [Name in keyof Known]?: Known[Name] } & {
      readonly [plugin: string]: unknown;
      readonly all?: never;
      readonly any?: never;
      readonly not?: never;
    });

export type OptimizerInput = ComponentInput<KnownOptimizers>;

export interface OptimizersInput {
  /** What chooses the next one to be started. @default 'cycle' */
  readonly selector?: ComponentInput<KnownSelectors>;
  readonly use?: readonly OptimizerInput[];
  /** After so many optimizers or evaluations no more are started. */
  readonly spawn?: SpawnLimits;
}

/** A component, or a combination of several by `all`, `any` and `not`. */
export type ConditionInput<Known> =
  | ComponentInput<Known>
  | { readonly all: readonly ConditionInput<Known>[] }
  | { readonly any: readonly ConditionInput<Known>[] }
  | { readonly not: ConditionInput<Known> };

export type ManagerInput = Partial<Omit<ManagerSettings, 'onFailure'>> & {
  /** What a failed evaluation is told as: the worst value so far, a value of your own; or the run ends. @default 'worst' */
  readonly onFailure?: 'worst' | 'abort' | { readonly recover: number };
};

type AnyCondition = string | object;

/** Holds when all of `conditions` do. */
export function all<const Conditions extends readonly AnyCondition[]>(
  ...conditions: Conditions
): { readonly all: Conditions } {
  return { all: conditions };
}

/** Holds when one of `conditions` does. */
export function any<const Conditions extends readonly AnyCondition[]>(
  ...conditions: Conditions
): { readonly any: Conditions } {
  return { any: conditions };
}

/** Holds when `condition` does not. */
export function not<const Condition extends AnyCondition>(condition: Condition): { readonly not: Condition } {
  return { not: condition };
}

/** What is to be run: the sections of a configuration themselves, or one that is made already. */
export type RunInput =
  | (ConfigInput & {
      /** What relative paths are relative to, such as `import.meta.dirname`. @default the working directory */
      readonly baseDir?: string;
      readonly config?: never;
    })
  | ({
      /** A YAML file, relative to the working directory, or what `loadConfig` or `resolveConfig` returned. */
      readonly config: RunConfig | string;
      readonly baseDir?: never;
    } & { readonly [Section in keyof ConfigInput]?: never });

/** How what a program gives is checked. */
type InputChecks = Pick<ResolveOptions, 'examineWarmStart' | 'isElsewhere'>;

/** @throws {ConfigError} with all mistakes */
export async function resolveInput(
  { config, baseDir, ...sections }: RunInput,
  checks: InputChecks = {},
): Promise<RunConfig> {
  if (config === undefined) return resolveSections(sections, baseDir ?? process.cwd(), checks);
  const beside = Object.entries({ baseDir, ...sections }).filter(([, value]) => value !== undefined);
  const problems = beside.map(([path]) => ({ path, message: 'unexpected beside config' }));
  if (typeof config !== 'string' && !isResolved(config))
    problems.push({
      path: 'config',
      message: `expected a file, or what loadConfig or resolveConfig returned, got ${shown(config)}; write task, parameters, … in its place`,
    });
  if (problems.length > 0) throw new ConfigError(problems);
  if (typeof config === 'string') return loadConfig(config, checks);
  const changed = new Problems(new Places());
  plugIn(config.plugins);
  tryComponents(config, changed);
  refuseReserve(config.stop, config.manager, changed);
  changed.throwIfAny();
  const faults = ((await checks.examineWarmStart?.(config)) ?? []).map((message) => ({
    path: 'warmStart.run',
    message,
  }));
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

async function resolveSections(sections: object, baseDir: string, checks: InputChecks): Promise<RunConfig> {
  const places = new Places();
  const problems = new Problems(places);
  const value = copyOf({ ...sections }, [], problems);
  if (isMap(value) && typeof value['task'] === 'function')
    problems.add(
      ['task'],
      'a function cannot be sent to the threads and processes that evaluate it: export it from a file of its own, and write { module: file }',
    );
  return resolveDraft({ value, places, problems }, { ...checks, baseDir });
}

function isResolved(config: unknown): config is RunConfig {
  return isMap(config) && isMap(config['task']) && 'kind' in config['task'];
}
