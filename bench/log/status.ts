/** How long `glompo status` takes to tell of a log of ten million evaluations, from the start of its process to its end. */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { SqliteLog } from '../../src/log/sqlite-log.ts';
import { makeRows, startOf } from './rows.ts';
import { grouped, median, type Section } from './section.ts';

const EVALUATIONS = 10_000_000;
const OPTIMIZERS = 20;
const DIMENSION = 5;
const BATCH = 1000;
const ROUNDS = 7;

const root = path.resolve(import.meta.dirname, '../..');

/** @returns rows a second, the end included */
function writeLog(folder: string): number {
  const names = Array.from({ length: DIMENSION }, (_, i) => `x${i + 1}`);
  const log = new SqliteLog(path.join(folder, 'run.sqlite'), DIMENSION);
  const ids = Array.from({ length: OPTIMIZERS }, (_, i) => i + 1);
  log.set({ status: 'running', names, seed: 1, startedAt: 1.79e12, host: 'elsewhere' });
  for (const id of ids) log.startOptimizer(startOf(id, DIMENSION));
  const rows = makeRows(BATCH, DIMENSION);
  const operations = new Uint8Array(5 * BATCH);
  const begun = performance.now();
  for (let batch = 0; batch < EVALUATIONS / BATCH; batch++)
    log.commit({ optimizerId: ids[batch % OPTIMIZERS]!, firstCallId: 1 + batch * BATCH, rows, operations });
  for (const optimizerId of ids)
    log.endOptimizer({ optimizerId, status: 'stopped', reason: 'the run ended', endedAt: 1.8e12 });
  log.set({ status: 'finished', stopReason: 'max-evaluations', endedAt: 1.8e12 });
  log.close();
  return EVALUATIONS / ((performance.now() - begun) / 1000);
}

function secondsOf(folder: string): number {
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(root, 'dist/cli/bin.js'), 'status', folder],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`glompo status ended with ${status}: ${stderr}`);
  if (!stdout.includes(`evaluations  ${EVALUATIONS}`))
    throw new Error(`status told something else: ${stdout}`);
  return (performance.now() - begun) / 1000;
}

export const statusSection: Section = {
  name: 'status',
  title: 'A log of 10,000,000 evaluations',
  run(folder) {
    const rate = writeLog(folder);
    const megabytes = statSync(path.join(folder, 'run.sqlite')).size / 2 ** 20;
    const status = Array.from({ length: ROUNDS }, () => secondsOf(folder));
    return `${OPTIMIZERS} optimizers, ${DIMENSION}-D, ${grouped(megabytes)} MB, written at ${grouped(rate)} rows a second. \`glompo status\`, the built command, from the start
of its process to its end: ${median(status).toFixed(3)} s (median of ${ROUNDS}, ${Math.min(...status).toFixed(3)} to ${Math.max(...status).toFixed(3)}); the goal is 0.5 s.`;
  },
};
