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
import type { Problem } from './problem.ts';

/** What a configuration that says nothing is called. */
const DEFAULT_NAME = 'default';

/**
 * Reads configurations, whatever their own task is.
 *
 * @param files the defaults alone when there are none
 * @param problem any of the suite, in the place of the task
 * @throws {ConfigError} with all mistakes in one of them
 */
export async function readConfigurations(
  files: readonly string[],
  problem: Problem,
  sets: readonly string[],
): Promise<readonly BenchConfiguration[]> {
  const options = { sets, seed: 0, amendments: amendments(problem) };
  if (files.length === 0)
    return [describe(DEFAULT_NAME, await resolveConfig({}, { ...options, baseDir: process.cwd() }))];
  const found: BenchConfiguration[] = [];
  for (const file of files) {
    const name = path.basename(file, path.extname(file));
    if (found.some((one) => one.name === name))
      throw new CodedError(
        'usage',
        `two configurations are called ${name}: they are told by their file names`,
      );
    found.push(describe(name, await loadConfig(file, options)));
  }
  return found;
}

function amendments(problem: Problem): NonNullable<ResolveOptions['amendments']> {
  return {
    by: 'glompo bench',
    changes: [
      { path: 'task', value: { ...problem.task } },
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
function describe(name: string, config: RunConfig): BenchConfiguration {
  const {
    task: _,
    parameters: __,
    stop: ___,
    manager,
    ...plain
  } = toPlain({
    ...config,
    optimizers: {
      ...config.optimizers,
      use: config.optimizers.use.map((use) => ({ ...use, evaluate: 'inline' })),
    },
  });
  const { logDir: _dir, ...settings } = manager as JsonObject;
  const whole: JsonObject = { ...plain, manager: { ...settings, backend: 'inline', containment: 'none' } };
  const hash = createHash('sha256').update(JSON.stringify([VERSION, whole]));
  for (const plugin of config.plugins) hash.update(readFileSync(plugin));
  return { configuration: hash.digest('hex').slice(0, 16), name, config: whole, glompo: VERSION };
}
