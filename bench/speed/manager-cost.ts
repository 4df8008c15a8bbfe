import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Benchmark, Measured, Table } from '../harness/benchmark.ts';
import { managedRun, root } from '../harness/managed-run.ts';
import { interleaved } from '../harness/measure.ts';

/** Parameters of a task that takes a number of milliseconds and does nothing in them, in as many dimensions. */
const sleeper = (seconds: number, dimension: number): string => `
task: { module: ${path.join(root, 'bench/tasks/second.js')} }
parameters:
${Array.from({ length: dimension }, (_, i) => `  - { name: x${i}, min: 0, max: 1 }`).join('\n')}
  - { name: seconds, value: ${seconds} }
`;

export const managerCost: Benchmark = {
  name: 'manager-cost',
  title: 'What the manager itself costs',
  about: `
Goals: less than 6 µs of the manager's CPU per fast evaluation, its commit included; less than 1 % of one core while 64 slots run tasks of one second; 2,000
slots of such tasks (they sleep, within the hosts) kept busy for more than 0.95 of the time. Optimizers are processes where the manager's CPU is asked for,
so that its process is the manager alone.`,
  run: async (bench) => [await perEvaluation(bench), await whileWaiting(bench), await manySlots(bench)],
};

async function perEvaluation({ folder, isQuick, say }: Bench): Promise<Table> {
  const evaluations = isQuick ? 200_000 : 1_000_000;
  const config = (optimizer: string, dimension: number, hunters: string): string => `
task: { benchmark: rastrigin, dimension: ${dimension} }
optimizers: [${optimizer}]
hunters: ${hunters}
stop: { max-evaluations: ${evaluations} }
manager: { maxJobs: 2, backend: processes, huntFrequency: 500, seed: 1 }
`;
  const hunters = `{ any: [{ all: [{ evaluations-unmoving: { calls: 100, tolerance: 0.01 } }, { value-annealing: { survivalAtTwice: 0.1 } }] }, { best-unmoving: { calls: 2000, tolerance: 0.2 } }] }`;
  const cost = (text: string) => (): number => {
    const run = managedRun(folder, text);
    const micros = (1e6 * run.cpuSeconds) / run.evaluations;
    say(`${micros.toFixed(2)} µs`);
    return micros;
  };
  const found = await interleaved(isQuick ? 1 : 3, {
    '2 random, 20-D, no hunters': cost(config('random', 20, 'none')),
    '2 CMA-ES, 20-D, hunted and replaced': cost(config('{ cma-es: { populationSize: 12 } }', 20, hunters)),
    '2 random, 100-D, no hunters': cost(config('random', 100, 'none')),
  });
  return {
    title: 'CPU of the manager per fast evaluation',
    columns: [{ name: 'run' }, { name: 'CPU', unit: 'µs', better: 'lower' }],
    rows: Object.entries<Measured | null>(found),
    notes: [
      `Of ${evaluations.toLocaleString('en-US')} evaluations, from before the first process is started to after the end.`,
    ],
  };
}

async function whileWaiting({ folder, isQuick, say }: Bench): Promise<Table> {
  const seconds = isQuick ? 5 : 30;
  const config = path.join(folder, 'sleepers.yaml');
  writeFileSync(
    config,
    `${sleeper(1, 10)}
optimizers: [{ random: { workers: 16 } }]
hunters: none
stop: { max-evaluations: 1000000 }
manager: { maxJobs: 64, backend: processes, seed: 1 }
`,
  );
  const dir = path.join(folder, 'sleepers');
  const run = spawn(
    process.execPath,
    [path.join(root, 'dist/cli/bin.js'), 'run', config, '--dir', dir, '--no-report', '--json'],
    {
      stdio: 'ignore',
    },
  );
  const ended = new Promise((resolve) => run.once('exit', resolve));
  try {
    // Its processes are up by then, and all slots at work.
    await sleep(6000);
    const shares: number[] = [];
    let before = cpuSeconds(run.pid!);
    for (let i = 0; i < seconds; i++) {
      await sleep(1000);
      const now = cpuSeconds(run.pid!);
      shares.push(100 * (now - before));
      before = now;
    }
    const mean = shares.reduce((a, b) => a + b, 0) / shares.length;
    say(`${mean.toFixed(2)} % of a core`);
    return {
      title: 'CPU of the manager while 64 slots run tasks of one second',
      columns: [{ name: 'run' }, { name: 'of one core', unit: '%', better: 'lower' }],
      rows: [['4 optimizers of 16 workers', mean]],
      notes: [`Over ${seconds} s, without a terminal that is drawn on.`],
    };
  } finally {
    run.kill('SIGTERM');
    await ended;
  }
}

/** User and system time of a process so far, from the kernel's count of ticks of 10 ms. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function manySlots({ folder, isQuick, say }: Bench): Promise<Table> {
  const slots = isQuick ? 200 : 2000;
  const rounds = isQuick ? 5 : 20;
  const rows: [string, number][] = [];
  for (const [backend, optimizers] of [
    ['inline', 1],
    ['inline', 20],
    ['threads', 4],
    ['processes', 4],
  ] as const) {
    const run = managedRun(
      folder,
      `${sleeper(1, 10)}
optimizers: [{ random: { workers: ${slots / optimizers} } }]
hunters: none
stop: { max-evaluations: ${slots * rounds} }
manager: { maxJobs: ${slots}, backend: ${backend}, seed: 1 }
`,
    );
    const efficiency = run.evaluations / (slots * run.wallSeconds);
    say(`${backend}, ${optimizers}: ${efficiency.toFixed(3)}`);
    rows.push([`${optimizers} optimizers of ${slots / optimizers} workers, ${backend}`, efficiency]);
  }
  return {
    title: `Efficiency of ${slots.toLocaleString('en-US')} slots of one second`,
    columns: [{ name: 'run' }, { name: 'efficiency', better: 'higher' }],
    rows,
    notes: [
      `Seconds slept by tasks over slots times seconds, of ${rounds} evaluations a slot, start-up of all hosts and the end included. At the end one evaluation more in some slots than in others is a second: ${(1 / rounds).toFixed(2)} of all.`,
    ],
  };
}
