import path from 'node:path';
import type { Bench, Benchmark, Measured, Table } from '../harness/benchmark.ts';
import { managedRun, root } from '../harness/managed-run.ts';
import { interleaved } from '../harness/measure.ts';

const PAIRS = [
  ['inline', 'inline'],
  ['threads', 'inline'],
  ['processes', 'inline'],
  ['threads', 'threads'],
  ['threads', 'processes'],
  ['processes', 'threads'],
  ['processes_forced', 'processes'],
] as const;

export const levels: Benchmark = {
  name: 'levels',
  title: 'What an evaluation costs besides the task, for each pair of levels',
  about: `
A 20-D task of a user's own, a module, that does nothing; one random optimizer, with 2 workers on level 2 \`threads\` and \`processes\`; every evaluation committed
to the log, start-up included.`,
  run: async (bench) => [await rates(bench)],
};

async function rates({ folder, isQuick, say }: Bench): Promise<Table> {
  const evaluations = isQuick ? 50_000 : 500_000;
  const parameters = Array.from({ length: 20 }, (_, i) => `  - { name: x${i}, min: -5, max: 5 }`).join('\n');
  const rate = (backend: string, evaluate: string) => (): number => {
    const run = managedRun(
      folder,
      `
task: { module: ${path.join(root, 'bench/tasks/nothing.js')} }
parameters:
${parameters}
optimizers: [{ random: { workers: ${evaluate === 'inline' ? 1 : 2}, evaluate: ${evaluate} } }]
hunters: none
stop: { max-evaluations: ${evaluations} }
manager: { maxJobs: 2, backend: ${backend}, seed: 1 }
`,
    );
    say(`${backend} / ${evaluate}: ${Math.round(run.evaluations / run.wallSeconds)}/s`);
    return run.evaluations / run.wallSeconds;
  };
  const found = await interleaved(
    isQuick ? 1 : 3,
    Object.fromEntries(PAIRS.map(([one, two]) => [`${one} / ${two}`, rate(one, two)])),
  );
  return {
    title: 'Evaluations a second',
    columns: [{ name: 'level 1 / level 2' }, { name: 'evaluations', unit: '/s', better: 'higher' }],
    rows: Object.entries<Measured | null>(found),
  };
}
