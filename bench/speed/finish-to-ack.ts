import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Level1 } from '../../src/config/run-config.ts';
import type { Bench, Benchmark, Cell, Table } from '../harness/benchmark.ts';
import { built } from '../harness/built.ts';

const BACKENDS = ['inline', 'threads', 'processes'] as const satisfies readonly Level1[];

export const finishToAck: Benchmark = {
  name: 'finish-to-ack',
  title: 'From the end of an evaluation to its place in the log',
  about: `
How long evaluations are at risk: from their end until their host knows that they are in the log, which is what a crash of the manager can cost. Evaluations of
50 to 100 ms each, 4 optimizers with 2 workers, for each place where optimizers run.`,
  run: async (bench) => [await times(bench)],
};

async function times(bench: Bench): Promise<Table> {
  const evaluations = bench.isQuick ? 100 : 1500;
  const rows: Cell[][] = [];
  for (const backend of BACKENDS)
    for (const durability of ['commit', 'full'] as const) {
      const { medianMs, p99Ms } = await acknowledgement(bench, { backend, durability, evaluations });
      bench.say(`${backend}, ${durability}: ${medianMs} ms, 99 % within ${p99Ms} ms`);
      rows.push([backend, durability, medianMs, p99Ms]);
    }
  return {
    title: 'From its end until its host knows that it is in the log',
    columns: [
      { name: 'backend' },
      { name: 'durability' },
      { name: 'median', unit: 'ms', better: 'lower' },
      { name: '99 % within', unit: 'ms', better: 'lower' },
    ],
    rows,
    notes: [`${evaluations.toLocaleString('en-US')} evaluations each; right to within a fifth.`],
  };
}

interface Kind {
  readonly backend: Level1;
  readonly durability: 'commit' | 'full';
  readonly evaluations: number;
}

async function acknowledgement(
  { folder }: Bench,
  { backend, durability, evaluations }: Kind,
): Promise<{ readonly medianMs: number; readonly p99Ms: number }> {
  const { GloMPOManager } = await built();
  const baseDir = path.join(folder, `${backend}-${durability}`);
  mkdirSync(baseDir);
  writeFileSync(
    path.join(baseDir, 'task.mjs'),
    'export default async (x) => { await new Promise((r) => setTimeout(r, 50 + 50 * Math.random())); return 50 * Math.random() + x[0]; };',
  );
  await using manager = new GloMPOManager({
    task: { module: 'task.mjs' },
    baseDir,
    parameters: ['a', 'b', 'c', 'd'].map((name) => ({ name, min: -5, max: 5 })),
    optimizers: [{ random: { workers: 2 } }],
    hunters: 'none',
    stop: { 'max-evaluations': evaluations },
    manager: { maxJobs: 8, backend, durability, seed: 1 },
    dir: path.join(baseDir, 'run'),
  });
  await manager.start();
  return manager.progress()!.utilisation.acknowledgement!;
}
