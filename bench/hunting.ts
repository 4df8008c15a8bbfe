/**
 * What hunting itself gives: the same optimizers with the default hunters and without any, the same starts and seeds, equal evaluations.
 * Writes hunting.md beside this file; `node bench/hunting.ts 11` takes 11 seeds.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { resolveConfig } from '../src/config/resolve.ts';
import { GloMPOManager } from '../src/manager/manager.ts';
import { benchmarkInstance } from '../src/tasks/benchmark.ts';

const SEEDS = Number(process.argv[2] ?? 25);
const PROBLEMS = [
  ['schwefel', 20],
  ['rastrigin', 20],
  ['michalewicz', 10],
  ['shubert', 6],
] as const;
const BUDGETS = [1_000, 5_000];

const folder = mkdtempSync(path.join(tmpdir(), 'glompo-bench-'));

/** @returns how far the best value lies above the minimum */
async function run(
  name: string,
  dimension: number,
  evaluations: number,
  seed: number,
  hunters: object,
): Promise<{ readonly error: number; readonly started: number }> {
  const config = await resolveConfig(
    {
      task: { benchmark: name, dimension },
      stop: { 'max-evaluations': evaluations },
      manager: { maxJobs: 4, backend: 'inline', containment: 'none', seed },
      ...hunters,
    },
    { baseDir: folder },
  );
  await using manager = new GloMPOManager({ config, dir: path.join(folder, 'run'), overwrite: true });
  const { fx, optimizers } = await manager.start();
  const least = benchmarkInstance({ kind: 'benchmark', name, options: { dimension } }).minimum!.fx;
  return { error: fx! - least, started: optimizers.started };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const rows: string[] = [];
for (const [name, dimension] of PROBLEMS)
  for (const perDimension of BUDGETS) {
    const evaluations = perDimension * dimension;
    const hunted: number[] = [];
    const free: number[] = [];
    const started: [number[], number[]] = [[], []];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const on = await run(name, dimension, evaluations, seed, {});
      const off = await run(name, dimension, evaluations, seed, { hunters: 'none' });
      hunted.push(on.error);
      free.push(off.error);
      started[0].push(on.started);
      started[1].push(off.started);
    }
    // Errors that differ by less than rounding are the same minimum.
    const outcome = hunted.map((error, i) => {
      const difference = error - free[i]!;
      return Math.abs(difference) <= 1e-8 * (1 + Math.abs(free[i]!)) ? 0 : Math.sign(difference);
    });
    const count = (sign: number): number => outcome.filter((one) => one === sign).length;
    const share = (count(-1) + count(0) / 2) / SEEDS;
    const row = `| ${name} ${dimension}-D | ${evaluations} | ${median(hunted).toPrecision(3)} (${median(started[0])}) | ${median(free).toPrecision(3)} (${median(started[1])}) | ${count(-1)} / ${count(0)} / ${count(1)} | ${share.toFixed(2)} |`;
    console.error(row);
    rows.push(row);
  }
rmSync(folder, { recursive: true });
writeFileSync(
  path.join(import.meta.dirname, 'hunting.md'),
  `# What hunting gives

Made by \`node bench/hunting.ts\` on ${new Date().toISOString().slice(0, 10)}, Node.js ${process.versions.node}. CMA-ES on 4 slots with the default settings, with the default hunters and without
any; ${SEEDS} seeds, the same starts and seeds for both, equal evaluations. Median error of the best value, in brackets the median number of optimizers
started; A = P(hunting is better) + P(tie) / 2, so 0.5 is no difference.

| | evaluations | hunting: error (started) | none: error (started) | better / tied / worse | A |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`,
);
