import { type ChildProcess, execFile, fork } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { latencyOf } from './cluster/latency.ts';
import type { Bench, Benchmark, Cell, Table } from '../harness/benchmark.ts';
import { root } from '../harness/managed-run.ts';
import { askLog } from '../harness/run-log.ts';

const DIMENSION = 20;
/** Slots of one process that waits: few enough that it has time for all of them. */
const MOST_SLOTS = 128;

/** How many evaluations of how long on how many slots. */
interface Load {
  readonly slots: number;
  /** Of the optimizer. @default as many as there are slots */
  readonly workers?: number;
  /** Whether each slot is a worker of its own. */
  readonly areApart?: boolean;
  readonly ms: number;
  readonly evaluations: number;
}

const QUICK: readonly Load[] = [
  { slots: 1, ms: 0, evaluations: 20_000 },
  { slots: 16, ms: 0, evaluations: 100_000 },
  { slots: 256, ms: 0, evaluations: 100_000 },
  { slots: 1000, ms: 0, evaluations: 100_000 },
];

const SLOW: readonly Load[] = [
  { slots: 1, ms: 100, evaluations: 100 },
  { slots: 16, ms: 100, evaluations: 3200 },
  { slots: 64, ms: 100, evaluations: 12_800 },
  { slots: 256, ms: 1000, evaluations: 7680 },
  { slots: 1000, ms: 1000, evaluations: 50_000 },
];

const IDLE: readonly Load[] = [16, 256, 1000].map((slots) => ({
  slots,
  workers: 1,
  areApart: true,
  ms: 1000,
  evaluations: 20,
}));

export const cluster: Benchmark = {
  name: 'cluster',
  title: 'Evaluations over a nats-server',
  about: `
A run with a nats-server of its own, and workers in processes of the same machine that decode points, wait and answer: the manager, the server and they share its cores. One random
optimizer in a thread, with as many workers as there are slots; ${DIMENSION} parameters.

Quick evaluations come in chunks that would take some 40 ms, up to 256 of them. Of those that wait: the part of the time of all slots that was waited for, from the first start to the last end. The
goals are 0.93 with 64 slots of 100 ms, and 0.97 with 1000 of 1 s. Between the end of an evaluation and the start of the next one in its slot are the answer, its way to the log, and a new job.`,
  run: async (bench) => [await latencies(bench), await rates(bench), await shares(bench), await idle(bench)],
};

async function latencies(bench: Bench): Promise<Table> {
  const rows: Cell[][] = [];
  for (const slots of bench.isQuick ? [1] : [1, 16, 256, 1000]) {
    const load = { slots, ms: 0, evaluations: 1 };
    const dir = path.join(bench.folder, 'run');
    const workers = startWorkers(configFile(bench.folder, load), dir, load);
    try {
      const { medianMs, p99Ms } = await latencyOf(dir, DIMENSION, slots, bench.isQuick ? 200 : 2000);
      rows.push([String(slots), medianMs, p99Ms]);
      bench.say(`${slots} slots: ${medianMs} ms there and back`);
    } finally {
      for (const worker of workers) worker.kill('SIGKILL');
      rmSync(dir, { recursive: true, force: true });
    }
  }
  return {
    title: 'A job there and back',
    columns: [
      { name: 'slots that wait for one' },
      { name: 'median', unit: 'ms', better: 'lower' },
      { name: '99 %', unit: 'ms', better: 'lower' },
    ],
    rows,
  };
}

async function rates(bench: Bench): Promise<Table> {
  const rows: Cell[][] = [];
  for (const load of bench.isQuick ? QUICK.slice(0, 1) : QUICK) {
    const { count, spanMs, cpuMs } = await measure(bench, load);
    rows.push([String(load.slots), (1000 * count) / spanMs, (1000 * cpuMs) / count]);
  }
  return {
    title: 'Evaluations that take no time',
    columns: [
      { name: 'slots' },
      { name: 'evaluations', unit: '/s', better: 'higher' },
      { name: 'CPU of the manager an evaluation', unit: 'µs', better: 'lower' },
    ],
    rows,
  };
}

async function shares(bench: Bench): Promise<Table> {
  const rows: Cell[][] = [];
  for (const load of bench.isQuick ? SLOW.slice(0, 1) : SLOW) {
    const { count, spanMs, cpuMs, wallMs, gapMs } = await measure(bench, load);
    rows.push([
      String(load.slots),
      `${load.ms} ms`,
      (load.ms * count) / (load.slots * spanMs),
      gapMs,
      cpuMs / wallMs,
    ]);
  }
  return {
    title: 'Evaluations that wait',
    columns: [
      { name: 'slots' },
      { name: 'evaluation' },
      { name: 'of the time waited', better: 'higher' },
      { name: 'between two in a slot, on average', unit: 'ms', better: 'lower' },
      { name: 'cores of the manager', better: 'lower' },
    ],
    rows,
  };
}

/** What it costs that workers are there, each of which says every 1.5 s what it is at. */
async function idle(bench: Bench): Promise<Table> {
  const rows: Cell[][] = [];
  for (const load of bench.isQuick ? IDLE.slice(0, 1) : IDLE) {
    const { cpuMs, wallMs } = await measure(bench, load);
    rows.push([String(load.slots), cpuMs / wallMs, (1000 * cpuMs) / ((load.slots * wallMs) / 1500)]);
  }
  return {
    title: 'Workers of one slot that wait for work',
    columns: [
      { name: 'workers' },
      { name: 'cores of the manager', better: 'lower' },
      { name: 'a word of a worker', unit: 'µs', better: 'lower' },
    ],
    rows,
    notes: [
      'One of them is at an evaluation of 1 s. With few workers the rest is what a manager takes anyway.',
    ],
  };
}

interface Figures {
  readonly count: number;
  /** From the first start to the last end. */
  readonly spanMs: number;
  /** Of the manager. */
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly gapMs: number;
}

async function measure(bench: Bench, load: Load): Promise<Figures> {
  const dir = path.join(bench.folder, 'run');
  rmSync(dir, { recursive: true, force: true });
  const config = configFile(bench.folder, load);
  const workers = startWorkers(config, dir, load);
  try {
    const entry = path.join(import.meta.dirname, 'cluster/manage.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [entry, config, dir]);
    const { cpuMs, wallMs } = JSON.parse(stdout) as { cpuMs: number; wallMs: number };
    const { count, spanMs, busyMs } = timesOf(dir);
    const figures = { count, spanMs, cpuMs, wallMs, gapMs: (load.slots * spanMs - busyMs) / count };
    bench.say(`${load.slots} slots of ${load.ms} ms: ${JSON.stringify(figures)}`);
    return figures;
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
  }
}

function startWorkers(config: string, dir: string, load: Load): readonly ChildProcess[] {
  const workers: ChildProcess[] = [];
  for (let left = load.slots; left > 0; left -= MOST_SLOTS)
    workers.push(
      fork(path.join(import.meta.dirname, 'cluster/sleepers.ts'), [
        config,
        dir,
        String(Math.min(left, MOST_SLOTS)),
        String(load.ms),
        ...(load.areApart === true ? ['apart'] : []),
      ]),
    );
  return workers;
}

function configFile(folder: string, { slots, workers = slots, evaluations }: Load): string {
  const parameters = Array.from({ length: DIMENSION }, (_, i) => `  - { name: x${i}, min: 0, max: 1 }`);
  const file = path.join(folder, 'cluster.yaml');
  writeFileSync(
    file,
    `task: { module: ${path.join(root, 'bench/tasks/sleeper.js')} }
parameters:
${parameters.join('\n')}
optimizers: { use: [{ random: { workers: ${workers}, evaluate: cluster } }], spawn: { optimizers: 1 } }
hunters: none
stop: { max-evaluations: ${evaluations} }
manager: { maxJobs: ${slots}, backend: threads, seed: 1 }
`,
  );
  return file;
}

function timesOf(dir: string): { readonly count: number; readonly spanMs: number; readonly busyMs: number } {
  return askLog(dir, (db) =>
    db
      .prepare<[], { count: number; spanMs: number; busyMs: number }>(
        `SELECT count(*) AS count, max(started_at + duration_ms) - min(started_at) AS spanMs,
         sum(duration_ms) AS busyMs FROM evaluations`,
      )
      .get()!,
  );
}
