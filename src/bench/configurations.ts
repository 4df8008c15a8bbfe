import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { loadConfig } from '../config/load.ts';
import { type ResolveOptions, resolveConfig } from '../config/resolve.ts';
import type { RunConfig } from '../config/run-config.ts';
import { toPlain } from '../config/write.ts';
import { CodedError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { BenchConfiguration } from '../log/bench-log.ts';
import { VERSION } from '../version.ts';

/** What a configuration that says nothing is called. */
const DEFAULT_NAME = 'default';

/** Any two tasks, without and with residuals: all else of a configuration is the same for each. */
const ORDINARY = { benchmark: 'sphere', dimension: 2 };
const FIT = { benchmark: 'nist', problem: 'Misra1a' };

/**
 * Reads configurations, whatever their own task is.
 *
 * @param files the defaults alone when there are none
 * @throws {ConfigError} with all mistakes in one of them
 */
export async function readConfigurations(
  files: readonly string[],
  sets: readonly string[],
): Promise<readonly BenchConfiguration[]> {
  if (files.length === 0)
    return [
      await describe(DEFAULT_NAME, (task) =>
        resolveConfig({}, { ...optionsFor(task, sets), baseDir: process.cwd() }),
      ),
    ];
  const found: BenchConfiguration[] = [];
  for (const file of files) {
    const name = path.basename(file, path.extname(file));
    if (found.some((one) => one.name === name))
      throw new CodedError(
        'usage',
        `two configurations are called ${name}: they are told by their file names`,
      );
    found.push(await describe(name, (task) => loadConfig(file, optionsFor(task, sets))));
  }
  return found;
}

async function describe(
  name: string,
  resolve: (task: JsonObject) => Promise<RunConfig>,
): Promise<BenchConfiguration> {
  const resolved = await resolve(ORDINARY);
  const config = withoutProblem(resolved);
  const fitConfig = withoutProblem(await resolve(FIT));
  const hash = createHash('sha256').update(JSON.stringify([VERSION, config, fitConfig]));
  for (const plugin of resolved.plugins) hash.update(readFileSync(plugin));
  return { configuration: hash.digest('hex').slice(0, 16), name, config, fitConfig, glompo: VERSION };
}

function optionsFor(task: JsonObject, sets: readonly string[]): ResolveOptions {
  return { sets, seed: 0, amendments: amendments(task), isForAnyTask: true };
}

function amendments(task: JsonObject): NonNullable<ResolveOptions['amendments']> {
  return {
    by: 'glompo bench',
    changes: [
      { path: 'task', value: { ...task } },
      ...['parameters', 'constraints', 'stop', 'warmStart', 'checkpoints'].map((section) => ({
        path: section,
        value: undefined,
      })),
      { path: 'manager.reproducible', value: true },
      // The default is the machine's number of cores, and results are to be the same everywhere.
      { path: 'manager.maxJobs', value: 1, isDefault: true },
      // No evaluation takes long.
      { path: 'manager.timeoutSeconds', value: undefined },
      { path: 'manager.forceTerminationsAfterSeconds', value: undefined },
    ],
  };
}

/** In rounds the same comes of it wherever it runs, so that it may run inline. */
function withoutProblem(config: RunConfig): JsonObject {
  const use = config.optimizers.use.map((one) => ({ ...one, evaluate: 'inline' as const }));
  const {
    task: _,
    parameters: __,
    stop: ___,
    manager,
    ...plain
  } = toPlain({ ...config, optimizers: { ...config.optimizers, use } });
  const { logDir: _dir, ...settings } = manager as JsonObject;
  return { ...plain, manager: { ...settings, backend: 'inline', containment: 'none' } };
}
