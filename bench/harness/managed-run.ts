import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** What a run took. */
export interface ManagedRun {
  readonly evaluations: number;
  /** From the start of its first optimizer to its end. */
  readonly wallSeconds: number;
  /** Of the process of the manager, which with `threads` and `inline` is that of the optimizers too. */
  readonly cpuSeconds: number;
  /** The largest resident memory of that process. */
  readonly peakMB: number;
  readonly optimizers: { readonly started: number };
}

const entry = path.resolve(import.meta.dirname, 'manage.ts');

/**
 * Runs a configuration with the built glompo, in a process of its own.
 *
 * @param folder the run's directory is `run` in it
 * @param config as YAML
 */
export function managedRun(folder: string, config: string): ManagedRun {
  const file = path.join(folder, 'config.yaml');
  writeFileSync(file, config);
  const output = execFileSync(process.execPath, [entry, file, path.join(folder, 'run')], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(output) as ManagedRun;
}

export const root: string = path.resolve(import.meta.dirname, '..', '..');
