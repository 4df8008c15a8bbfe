import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problems.ts';
import type { ResolveOptions } from '../../src/config/resolve.ts';
import type { RunConfig } from '../../src/config/run-config.ts';

/** A directory with a task, `task.ts`; removed when the test file is done. */
export const dir: string = mkdtempSync(join(tmpdir(), 'glompo-config-'));
writeFileSync(join(dir, 'task.ts'), 'export default (x: Float64Array): number => x[0]!;\n');

afterAll(() => {
  rmSync(dir, { recursive: true });
});

/** A task with parameters, for tests of other sections. */
export const TASK = 'task: { benchmark: sphere, dimension: 2 }\n';

/** Writes `text` to `c.yaml` and loads it. */
export async function load(text: string, options: ResolveOptions = {}): Promise<RunConfig> {
  const file = join(dir, 'c.yaml');
  writeFileSync(file, text);
  return loadConfig(file, options);
}

/** The lines of the error that loading `text` gives, with the directory left out. */
export async function refusal(text: string, options: ResolveOptions = {}): Promise<readonly string[]> {
  const error: unknown = await load(text, options).then(
    () => 'no error',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).message.replaceAll(`${dir}/`, '').split('\n');
}
