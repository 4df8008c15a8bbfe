/** How long it takes to go on with a long run of twenty optimizers, and how much memory that takes. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Table } from '../../harness/benchmark.ts';
import { bin } from '../../harness/built.ts';
import { measured } from '../../harness/measure.ts';
import { askLog } from '../../harness/run-log.ts';

const OPTIMIZERS = 20;
const DIMENSION = 10;
const BACKENDS = ['inline', 'threads', 'processes'];
/** So many evaluations each round adds. */
const MORE = 400;

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
  const child = spawn(process.execPath, [bin, 'resume', path.join(folder, 'run'), '--no-report', ...set], {
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
  const first = askLog(path.join(folder, 'run'), (db) =>
    db
      .prepare<[number], number>('SELECT min(started_at) FROM evaluations WHERE call_id > ?')
      .pluck()
      .get(budget - MORE),
  );
  return { seconds: (first! - begun) / 1000, megabytes };
}

export async function resumeTimes(bench: Bench): Promise<Table> {
  const { folder, isQuick, say } = bench;
  const evaluations = isQuick ? 50_000 : 1_000_000;
  const { started } = makeRun(bench, evaluations);
  const found = new Map<string, Resumed[]>(BACKENDS.map((backend) => [backend, []]));
  let budget = evaluations;
  for (let round = 0; round < (isQuick ? 1 : 5); round++)
    for (const [backend, all] of found) {
      all.push(await resume(folder, backend, (budget += MORE)));
      say(`${backend}: resumed in ${all.at(-1)!.seconds.toFixed(2)} s`);
    }
  return {
    title: 'Going on with a long run',
    columns: [
      { name: 'backend' },
      { name: 'until its first evaluation', unit: 's', better: 'lower' },
      { name: "peak resident memory of the manager's process", unit: 'MB', better: 'lower' },
    ],
    rows: [...found].map(([backend, all]) => [
      backend,
      measured(all.map(({ seconds }) => seconds)),
      measured(all.map(({ megabytes }) => megabytes)),
    ]),
    notes: [
      `${evaluations.toLocaleString('en-US')} evaluations, ${OPTIMIZERS} optimizers alive at the end, of ${started}; each round has ${MORE} evaluations more.`,
    ],
  };
}

/** The run that is gone on with. */
function makeRun({ folder }: Bench, evaluations: number): { readonly started: number } {
  writeFileSync(path.join(folder, 'task.mjs'), TASK);
  const config = path.join(folder, 'config.yaml');
  const parameters = Array.from({ length: DIMENSION }, (_, i) => `{ name: x${i}, min: -5, max: 5 }`);
  writeFileSync(
    config,
    `task: { module: task.mjs }
parameters: [${parameters.join(', ')}]
optimizers: [{ cma-es: { stagnation: false, tolFunHist: 0 } }]
hunters: none
stop: { max-evaluations: ${evaluations} }
manager: { maxJobs: ${OPTIMIZERS}, backend: inline, seed: 1 }
`,
  );
  const made = spawnSync(
    process.execPath,
    [bin, 'run', config, '--dir', path.join(folder, 'run'), '--no-report', '--json'],
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`run ended with ${made.status}: ${made.stderr}`);
  return (JSON.parse(made.stdout) as { optimizers: { started: number } }).optimizers;
}
