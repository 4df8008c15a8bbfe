/** How long `glompo status` takes to tell of a long log, from the start of its process to its end. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { SqliteLog } from '../../../src/log/sqlite-log.ts';
import type { Bench, Table } from '../../harness/benchmark.ts';
import { bin } from '../../harness/built.ts';
import { measured } from '../../harness/measure.ts';
import { makeRows, startOf } from './rows.ts';

const OPTIMIZERS = 20;
const DIMENSION = 5;
const BATCH = 1000;

/** @returns rows a second, the end included */
function writeLog(folder: string, evaluations: number): number {
  const names = Array.from({ length: DIMENSION }, (_, i) => `x${i + 1}`);
  const log = new SqliteLog(path.join(folder, 'run.sqlite'), DIMENSION);
  const ids = Array.from({ length: OPTIMIZERS }, (_, i) => i + 1);
  log.set({ status: 'running', names, seed: 1, startedAt: 1.79e12, host: 'elsewhere' });
  for (const id of ids) log.startOptimizer(startOf(id, DIMENSION));
  const rows = makeRows(BATCH, DIMENSION);
  const operations = new Uint8Array(5 * BATCH);
  const begun = performance.now();
  for (let batch = 0; batch < evaluations / BATCH; batch++)
    log.commit({ optimizerId: ids[batch % OPTIMIZERS]!, firstCallId: 1 + batch * BATCH, rows, operations });
  for (const optimizerId of ids)
    log.endOptimizer({ optimizerId, status: 'stopped', reason: 'the run ended', endedAt: 1.8e12 });
  log.set({ status: 'finished', stopReason: 'max-evaluations', endedAt: 1.8e12 });
  log.close();
  return evaluations / ((performance.now() - begun) / 1000);
}

function secondsOf(folder: string, evaluations: number): number {
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'status', folder], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`glompo status ended with ${status}: ${stderr}`);
  if (!stdout.includes(`evaluations  ${evaluations}`))
    throw new Error(`status told something else: ${stdout}`);
  return (performance.now() - begun) / 1000;
}

export function statusTimes({ folder: parent, isQuick, say }: Bench): Table {
  const evaluations = isQuick ? 500_000 : 10_000_000;
  const folder = path.join(parent, 'long');
  mkdirSync(folder);
  const rate = writeLog(folder, evaluations);
  const megabytes = statSync(path.join(folder, 'run.sqlite')).size / 2 ** 20;
  const times = Array.from({ length: isQuick ? 3 : 7 }, () => secondsOf(folder, evaluations));
  say('status');
  return {
    title: 'A long log',
    columns: [
      { name: 'log' },
      { name: 'written', unit: 'rows/s', better: 'higher' },
      { name: 'size', unit: 'MB', better: 'lower' },
      { name: '`glompo status`', unit: 's', better: 'lower' },
    ],
    rows: [
      [
        `${evaluations.toLocaleString('en-US')} evaluations of ${OPTIMIZERS} optimizers, ${DIMENSION}-D`,
        rate,
        megabytes,
        measured(times),
      ],
    ],
  };
}
