/** How long it takes to go on with a run of a million evaluations and twenty optimizers, and how much memory that takes. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { grouped, median, type Section } from './section.ts';

const EVALUATIONS = 1_000_000;
const OPTIMIZERS = 20;
const DIMENSION = 10;
const ROUNDS = 5;
/** So many evaluations each round adds. */
const MORE = 400;

const bin = path.resolve(import.meta.dirname, '../../dist/cli/bin.js');

/** Noise alone: nobody converges. */
const TASK = 'export default (x, { seed }) => x[0] ** 2 + 100 * ((seed % 9973) / 9973);';

interface Resumed {
  /** From the start of the command to the start of its first evaluation. */
  readonly seconds: number;
  readonly megabytes: number;
}

async function resume(folder: string, backend: string, budget: number): Promise<Resumed> {
  const begun = Date.now();
  const set = ['--set', `stop.max-evaluations=${budget}`, '--set', `manager.backend=${backend}`];
  const child = spawn(process.execPath, [bin, 'resume', path.join(folder, 'run'), ...set], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  let megabytes = 0;
  for (; child.exitCode === null; await sleep(10))
    try {
      const [, peak] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
      if (peak !== undefined) megabytes = Number(peak) / 1024;
    } catch {
      // It has just ended.
    }
  if (child.exitCode !== 0) throw new Error(`resume ended with ${child.exitCode}: ${said}`);
  const db = new Database(path.join(folder, 'run', 'run.sqlite'), { readonly: true });
  const first = db
    .prepare<[number], number>('SELECT min(started_at) FROM evaluations WHERE call_id > ?')
    .pluck()
    .get(budget - MORE);
  db.close();
  return { seconds: (first! - begun) / 1000, megabytes };
}

export const resumeSection: Section = {
  name: 'resume',
  title: 'Going on with 1,000,000 evaluations of 20 optimizers',
  async run(folder) {
    writeFileSync(path.join(folder, 'task.mjs'), TASK);
    const config = path.join(folder, 'config.yaml');
    const parameters = Array.from({ length: DIMENSION }, (_, i) => `{ name: x${i}, min: -5, max: 5 }`);
    writeFileSync(
      config,
      `task: { module: task.mjs }
parameters: [${parameters.join(', ')}]
optimizers: [{ cma-es: { stagnation: false, tolFunHist: 0 } }]
hunters: none
stop: { max-evaluations: ${EVALUATIONS} }
manager: { maxJobs: ${OPTIMIZERS}, backend: inline, seed: 1 }
`,
    );
    const made = spawnSync(
      process.execPath,
      [bin, 'run', config, '--dir', path.join(folder, 'run'), '--json'],
      {
        encoding: 'utf8',
      },
    );
    if (made.status !== 0) throw new Error(`run ended with ${made.status}: ${made.stderr}`);
    const { optimizers } = JSON.parse(made.stdout) as { optimizers: { started: number } };
    const lines: string[] = [];
    let budget = EVALUATIONS;
    for (const backend of ['inline', 'threads', 'processes']) {
      const all: Resumed[] = [];
      for (let round = 0; round < ROUNDS; round++) all.push(await resume(folder, backend, (budget += MORE)));
      const seconds = median(all.map((one) => one.seconds));
      const megabytes = median(all.map((one) => one.megabytes));
      lines.push(`| ${backend} | ${seconds.toFixed(2)} | ${megabytes.toFixed(0)} |`);
    }
    return `
A run of CMA-ES in ${DIMENSION}-D that never converges, ${grouped(EVALUATIONS)} evaluations, ${OPTIMIZERS} optimizers alive at the end, of ${optimizers.started}. Medians of ${ROUNDS} rounds, each with
${MORE} evaluations more: from the start of the command \`glompo resume\` to the start of its first evaluation, which begins when all optimizers are where they were.

| backend | seconds | peak resident memory of the manager's process, MB |
| --- | --- | --- |
${lines.join('\n')}
`;
  },
};
