import { chmodSync } from 'node:fs';
import { expect } from 'vitest';
import { bin } from './cli.ts';
import { query } from './database.ts';
import type { Folder } from './folder.ts';

/** The scripts for batch systems. */
export const SCRIPTS: string = new URL('../../examples/cluster/', import.meta.url).pathname;

/** A run that takes some seconds on three workers, and the command as scripts call it. */
export function prepareFit(folder: Folder, evaluations: number): { readonly GLOMPO: string } {
  folder.write(
    'task.mjs',
    `export default async (x) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return x.reduce((sum, v) => sum + v * v, 0);
    };`,
  );
  folder.write(
    'fit.yaml',
    `task: { module: task.mjs }
parameters: [{ name: a, min: -5, max: 5 }, { name: b, min: -5, max: 5 }]
optimizers: [random]
stop: { max-evaluations: ${evaluations} }
manager: { seed: 3 }
`,
  );
  const command = folder.write('glompo', `#!/bin/sh\nexec ${process.execPath} ${bin} "$@"\n`);
  chmodSync(command, 0o755);
  return { GLOMPO: command };
}

/** Also while the run begins, when there is no log yet. */
export function evaluationsIn(dir: string): number {
  try {
    return query<{ n: number }>(dir, 'SELECT count(*) AS n FROM evaluations')[0]!.n;
  } catch {
    return 0;
  }
}

/** All of a budget, each once, in a session that was suspended and another one. */
export function expectTwoSessions(folder: Folder, evaluations: number): void {
  const [counts] = query(
    folder.at('run'),
    `SELECT count(*) AS rows, count(DISTINCT optimizer_id || '/' || candidate_id) AS candidates FROM evaluations`,
  );
  expect(counts).toEqual({ rows: evaluations, candidates: evaluations });
  const sessions = query(folder.at('run'), `SELECT 1 FROM events WHERE type IN ('suspended', 'resumed')`);
  expect(sessions).toHaveLength(2);
}
