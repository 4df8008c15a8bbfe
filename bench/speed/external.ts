import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Finished } from '../../src/backends/batch.ts';
import type { Evaluator } from '../../src/backends/evaluators/contract.ts';
import { createEvaluator } from '../../src/backends/evaluators/registry.ts';
import { printOwn } from '../../src/backends/hosts/output.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { systemClock } from '../../src/core/clock.ts';
import { Custody } from '../../src/processes/custody.ts';
import type { Bench, Benchmark, Measured, Table } from '../harness/benchmark.ts';
import { root } from '../harness/managed-run.ts';
import { interleaved, median } from '../harness/measure.ts';

const DIMENSION = 20;
const WORKERS = 2;

const tasks = path.join(root, 'bench/tasks');
const parameters = Array.from({ length: DIMENSION }, (_, i) => ({ name: `x${i}`, min: -5, max: 5 }));

export const external: Benchmark = {
  name: 'external',
  title: 'What an evaluation by a program costs besides the task',
  about: `
Programs that stay up, ${DIMENSION} parameters, through the evaluator of a host (\`PooledEvaluator\` with programs), in the run's custody. One at a time: from handing
a point in to having its value; the goals are 150 µs for a worker in C that speaks \`jsonl\`, and 200 µs for a function in Python. Evaluations a second: as many
handed in at any time as the evaluator has room for; the goal is 50,000 for Python, whose points go in batches; \`jsonl\` has none.`,
  run: async (bench) => {
    await using custody = await Custody.start();
    // A child's pipes alone do not keep this process alive between measurements.
    const keepAlive = setInterval(() => {}, 1000);
    try {
      const programs = programsOf(bench);
      return [await latencies(bench, custody, programs), await rates(bench, custody, programs)];
    } finally {
      clearInterval(keepAlive);
    }
  },
};

/** Tasks as a configuration has them; `undefined` for what this machine has not. */
interface Programs {
  readonly c: object | undefined;
  readonly javascript: object;
  readonly python: object | undefined;
  /** Why some are left out. */
  readonly notes: readonly string[];
}

function programsOf({ folder }: Bench): Programs {
  const program = path.join(folder, 'noop-worker');
  const compiled = spawnSync('gcc', ['-O2', '-o', program, path.join(tasks, 'noop-worker.c')]);
  const hasC = compiled.status === 0;
  const hasPython = spawnSync('python3', ['--version']).status === 0;
  return {
    c: hasC ? { command: [program], protocol: 'jsonl' } : undefined,
    javascript: { command: [process.execPath, path.join(tasks, 'noop-worker.js')], protocol: 'jsonl' },
    python: hasPython ? { python: 'noop.py' } : undefined,
    notes: [
      ...(hasC ? [] : ['The worker in C is left out: it needs gcc.']),
      ...(hasPython ? [] : ['Python is left out: it needs python3.']),
    ],
  };
}

async function latencies(bench: Bench, custody: Custody, programs: Programs): Promise<Table> {
  const calls = bench.isQuick ? 500 : 5000;
  const measure = (task: object | undefined) => async () => task && (await single(custody, task, calls));
  const found = await interleaved(bench.isQuick ? 1 : 3, {
    'jsonl, a worker in C': measure(programs.c),
    'jsonl, a worker in JavaScript': measure(programs.javascript),
    'python, a function that does nothing': measure(programs.python),
  });
  bench.say('one at a time');
  return {
    title: 'One at a time',
    columns: [{ name: '' }, { name: 'an evaluation', unit: 'µs', better: 'lower' }],
    rows: Object.entries<Measured | null>(found),
    notes: [`Medians of ${calls.toLocaleString('en-US')} calls.`, ...programs.notes],
  };
}

async function rates(bench: Bench, custody: Custody, programs: Programs): Promise<Table> {
  const calls = bench.isQuick ? 30_000 : 300_000;
  const measure = (task: object | undefined) => async () => task && (await rate(custody, task, calls));
  const found = await interleaved(bench.isQuick ? 1 : 3, {
    'python, in batches': measure(programs.python),
    'jsonl, a worker in C, without batches': measure(programs.c),
  });
  bench.say('evaluations a second');
  return {
    title: `Evaluations a second, ${WORKERS} workers`,
    columns: [{ name: '' }, { name: 'evaluations', unit: '/s', better: 'higher' }],
    rows: Object.entries<Measured | null>(found),
    notes: [
      `${calls.toLocaleString('en-US')} evaluations, from the first one handed in to the last value.`,
      ...programs.notes,
    ],
  };
}

/** The evaluator that a host would have for a task. */
async function evaluatorOf(
  custody: Custody,
  task: object,
  workers: number,
  onFinished: (rows: readonly Finished[]) => void,
): Promise<Evaluator> {
  const config = await resolveConfig({ task, parameters }, { baseDir: tasks });
  return createEvaluator(
    {
      spec: { kind: 'inline', workers, retries: 0 },
      task: config.task,
      parameters: config.parameters,
      seed: 1,
      wantsGradient: false,
      optimizerId: 1,
      worker: 'bench',
      custody: custody.ticket('thread'),
      clock: systemClock,
      onFinished,
    },
    printOwn,
  );
}

function pointOf(id: number): Float64Array {
  return Float64Array.from({ length: DIMENSION }, (_, i) => Math.sin(id + i));
}

function check(rows: readonly Finished[]): void {
  const wrong = rows.find(({ outcome }) => outcome.status !== 'ok');
  if (wrong) throw new Error(wrong.outcome.error);
}

/** @returns median microseconds from handing one point in to having its value, the first fifth left out */
async function single(custody: Custody, task: object, calls: number): Promise<number> {
  let settle: (() => void) | undefined;
  await using evaluator = await evaluatorOf(custody, task, 1, (rows) => {
    check(rows);
    settle?.();
  });
  const times: number[] = [];
  for (let id = 1; id <= calls; id++) {
    const x = pointOf(id);
    const began = performance.now();
    await new Promise<void>((resolve) => {
      settle = resolve;
      evaluator.submit([{ candidateId: id, x }]);
    });
    if (id > calls / 5) times.push(1000 * (performance.now() - began));
  }
  return median(times);
}

/** @returns evaluations a second, from the first one handed in to the last value, as many handed in at any time as there is room for */
async function rate(custody: Custody, task: object, calls: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let [submitted, finished] = [0, 0];
  await using evaluator = await evaluatorOf(custody, task, WORKERS, (rows) => {
    check(rows);
    finished += rows.length;
    if (finished >= calls) resolve();
    else queueMicrotask(submit);
  });
  function submit(): void {
    const count = Math.min(evaluator.room, calls - submitted);
    if (count > 0)
      evaluator.submit(
        Array.from({ length: count }, () => ({ candidateId: ++submitted, x: pointOf(submitted) })),
      );
  }
  const began = performance.now();
  submit();
  await promise;
  return (1000 * calls) / (performance.now() - began);
}
