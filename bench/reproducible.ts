/**
 * What reproducible mode costs in waiting: evaluations a second in rounds and without, for tasks whose evaluations take equally long, or
 * do not. Writes reproducible.md beside this file.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { GloMPOManager } from '../src/manager/manager.ts';

const EVALUATIONS = 3200;
const ROUNDS = 3;

/** In milliseconds, 20 on average. */
const DURATIONS = {
  'all the same': '20',
  'uniform from 10 to 30 ms': '10 + 20 * Math.random()',
  exponential: '-20 * Math.log(1 - Math.random())',
  'one in twenty ten times as long': '(Math.random() < 0.05 ? 10 : 1) * 20 / 1.45',
} as const;

/** Which optimizers run at once, on 16 slots. */
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

async function rate(task: string, optimizers: readonly unknown[], reproducible: boolean): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), 'glompo-bench-'));
  try {
    writeFileSync(
      path.join(folder, 'task.mjs'),
      `export default async (x) => { await new Promise((r) => setTimeout(r, ${task})); return 50 * Math.random() + x[0]; };`,
    );
    await using manager = new GloMPOManager({
      task: { module: 'task.mjs' },
      baseDir: folder,
      parameters: ['a', 'b', 'c', 'd'].map((name) => ({ name, min: -5, max: 5 })),
      optimizers: optimizers as never,
      hunters: 'none',
      stop: { 'max-evaluations': EVALUATIONS },
      manager: {
        maxJobs: 16,
        backend: 'inline',
        containment: 'none',
        seed: 1,
        reproducible,
        ...(JSON.stringify(optimizers).includes('random') ? { roundEvaluations: 16 } : {}),
      },
      dir: path.join(folder, 'run'),
    });
    const { wallSeconds } = await manager.start();
    return EVALUATIONS / wallSeconds;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const lines: string[] = [];
for (const [who, optimizers] of Object.entries(OPTIMIZERS))
  for (const [how, task] of Object.entries(DURATIONS)) {
    const free: number[] = [];
    const rounds: number[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      free.push(await rate(task, optimizers, false));
      rounds.push(await rate(task, optimizers, true));
    }
    const [a, b] = [median(free), median(rounds)];
    lines.push(`| ${who} | ${how} | ${a.toFixed(0)} | ${b.toFixed(0)} | ${(b / a).toFixed(2)} |`);
    console.error(lines.at(-1));
  }
writeFileSync(
  path.join(import.meta.dirname, 'reproducible.md'),
  `# What reproducible mode costs

Made by \`node bench/reproducible.ts\` on ${new Date().toISOString().slice(0, 10)}, Node.js ${process.versions.node}, ${availableParallelism()} cores.
Evaluations a second on 16 slots, of a task that waits 20 ms on average (at most ${(16 / 0.02).toFixed(0)} a second); medians of ${ROUNDS}. ${EVALUATIONS} evaluations a run.

| optimizers | durations | free | in rounds | ratio |
| --- | --- | --- | --- | --- |
${lines.join('\n')}
`,
);
