import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Bench, Benchmark, Cell, Table } from '../harness/benchmark.ts';
import { built } from '../harness/built.ts';
import { interleaved, ratio } from '../harness/measure.ts';

const SLOTS = 16;

/** In milliseconds, 20 on average. */
const DURATIONS = {
  'all the same': '20',
  'uniform from 10 to 30 ms': '10 + 20 * Math.random()',
  exponential: '-20 * Math.log(1 - Math.random())',
  'one in twenty ten times as long': '(Math.random() < 0.05 ? 10 : 1) * 20 / 1.45',
} as const;

/** Which optimizers run at once, on all slots. */
const OPTIMIZERS = {
  'four cma-es with 4 workers each, population 16': [
    { 'cma-es': { workers: 4, populationSize: 16, stagnation: false } },
  ],
  'four random with 4 workers each, 16 evaluations a round': [{ random: { workers: 4 } }],
  'cma-es with 8 workers, population 16, and eight nelder-mead': [
    { 'cma-es': { workers: 8, populationSize: 16, stagnation: false } },
    ...Array.from({ length: 8 }, () => 'nelder-mead'),
  ],
} as const;

export const reproducible: Benchmark = {
  name: 'reproducible',
  title: 'What reproducible mode costs',
  about: `
In waiting: evaluations a second on ${SLOTS} slots, in rounds and without, of a task that waits 20 ms on average (at most ${SLOTS / 0.02} a second) and whose
evaluations take equally long, or do not.`,
  isLong: true,
  run: async (bench) => [await rates(bench)],
};

async function rates(bench: Bench): Promise<Table> {
  const evaluations = bench.isQuick ? 200 : 3200;
  const rows: Cell[][] = [];
  for (const [who, optimizers] of Object.entries(OPTIMIZERS))
    for (const [how, task] of Object.entries(DURATIONS)) {
      const run = { task, optimizers, evaluations };
      const found = await interleaved(bench.isQuick ? 1 : 3, {
        free: async () => await rate(bench, run, false),
        rounds: async () => await rate(bench, run, true),
      });
      const inRounds = ratio(found.rounds, found.free);
      bench.say(`${who}, ${how}: ${inRounds!.toFixed(2)}`);
      rows.push([who, how, found.free, found.rounds, inRounds]);
    }
  return {
    title: 'Evaluations a second',
    columns: [
      { name: 'optimizers' },
      { name: 'durations' },
      { name: 'free', unit: '/s', better: 'higher' },
      { name: 'in rounds', unit: '/s', better: 'higher' },
      { name: 'in rounds / free', better: 'higher' },
    ],
    rows,
    notes: [`${evaluations.toLocaleString('en-US')} evaluations a run.`],
  };
}

interface Run {
  /** Its milliseconds, as an expression. */
  readonly task: string;
  readonly optimizers: readonly unknown[];
  readonly evaluations: number;
}

async function rate(
  { folder }: Bench,
  { task, optimizers, evaluations }: Run,
  isReproducible: boolean,
): Promise<number> {
  const { GloMPOManager } = await built();
  // A module is loaded once by its path: each run has its own.
  const baseDir = mkdtempSync(path.join(folder, 'run-'));
  writeFileSync(
    path.join(baseDir, 'task.mjs'),
    `export default async (x) => { await new Promise((r) => setTimeout(r, ${task})); return 50 * Math.random() + x[0]; };`,
  );
  await using manager = new GloMPOManager({
    task: { module: 'task.mjs' },
    baseDir,
    parameters: ['a', 'b', 'c', 'd'].map((name) => ({ name, min: -5, max: 5 })),
    optimizers: optimizers as never,
    hunters: 'none',
    stop: { 'max-evaluations': evaluations },
    manager: {
      maxJobs: SLOTS,
      backend: 'inline',
      containment: 'none',
      seed: 1,
      reproducible: isReproducible,
      ...(JSON.stringify(optimizers).includes('random') ? { roundEvaluations: 16 } : {}),
    },
    dir: path.join(baseDir, 'run'),
  });
  const { wallSeconds } = await manager.start();
  return evaluations / wallSeconds;
}
