/**
 * What an evaluation by a program that stays up costs besides the task, 20 parameters, all through the evaluator of a host: one at a time,
 * with a worker in C, one in JavaScript, and a function in Python; and how many a second Python makes of a function that does nothing. With
 * `--write` it writes external.md.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import type { Finished } from '../src/backends/batch.ts';
import type { Evaluator } from '../src/backends/evaluators/contract.ts';
import { createEvaluator } from '../src/backends/evaluators/registry.ts';
import { printOwn } from '../src/backends/hosts/output.ts';
import { resolveConfig } from '../src/config/resolve.ts';
import { systemClock } from '../src/core/clock.ts';
import { Custody } from '../src/processes/custody.ts';

const DIMENSION = 20;
const SINGLE_CALLS = 5000;
const BATCHED_CALLS = 300_000;
const WORKERS = 2;

const tasks = path.join(import.meta.dirname, 'tasks');
const folder = mkdtempSync(path.join(tmpdir(), 'glompo-bench-'));
const program = path.join(folder, 'noop-worker');
execFileSync('gcc', ['-O2', '-o', program, path.join(tasks, 'noop-worker.c')]);
const parameters = Array.from({ length: DIMENSION }, (_, i) => ({ name: `x${i}`, min: -5, max: 5 }));
await using custody = await Custody.start();

/** The evaluator that a host would have for a task as a configuration has it. */
async function evaluatorOf(
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

const pointOf = (id: number): Float64Array =>
  Float64Array.from({ length: DIMENSION }, (_, i) => Math.sin(id + i));

function check(rows: readonly Finished[]): void {
  const wrong = rows.find(({ outcome }) => outcome.status !== 'ok');
  if (wrong) throw new Error(wrong.outcome.error);
}

/** Median microseconds from handing one point in to having its value, one at a time. */
async function single(task: object): Promise<number> {
  let settle: (() => void) | undefined;
  await using evaluator = await evaluatorOf(task, 1, (rows) => {
    check(rows);
    settle?.();
  });
  const times: number[] = [];
  for (let id = 1; id <= SINGLE_CALLS; id++) {
    const x = pointOf(id);
    const begun = performance.now();
    await new Promise<void>((resolve) => {
      settle = resolve;
      evaluator.submit([{ candidateId: id, x }]);
    });
    if (id > SINGLE_CALLS / 5) times.push(1000 * (performance.now() - begun));
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1]!;
}

/** Evaluations a second, from the first one handed in to the last value, as many handed in at any time as there is room for. */
async function rate(task: object, workers: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let [submitted, finished] = [0, 0];
  await using evaluator = await evaluatorOf(task, workers, (rows) => {
    check(rows);
    finished += rows.length;
    if (finished >= BATCHED_CALLS) resolve();
    else queueMicrotask(submit);
  });
  function submit(): void {
    const count = Math.min(evaluator.room, BATCHED_CALLS - submitted);
    if (count > 0)
      evaluator.submit(
        Array.from({ length: count }, () => ({ candidateId: ++submitted, x: pointOf(submitted) })),
      );
  }
  const begun = performance.now();
  submit();
  await promise;
  return (1000 * BATCHED_CALLS) / (performance.now() - begun);
}

// A child's pipes alone do not keep this process alive between measurements.
const keepAlive = setInterval(() => {}, 1000);
const node = { command: [process.execPath, path.join(tasks, 'noop-worker.js')], protocol: 'jsonl' };
const rows = [
  [
    'jsonl, a worker in C',
    'microseconds, one at a time',
    await single({ command: [program], protocol: 'jsonl' }),
    '<= 150',
  ],
  ['jsonl, a worker in JavaScript', 'microseconds, one at a time', await single(node), ''],
  [
    'python, a function that does nothing',
    'microseconds, one at a time',
    await single({ python: 'noop.py' }),
    '<= 200',
  ],
  [
    `python, the same in batches, ${WORKERS} workers`,
    'evaluations a second',
    await rate({ python: 'noop.py' }, WORKERS),
    '>= 50000',
  ],
  [
    `jsonl in C without batches, ${WORKERS} workers`,
    'evaluations a second',
    await rate({ command: [program], protocol: 'jsonl' }, WORKERS),
    '',
  ],
] as const;
clearInterval(keepAlive);
rmSync(folder, { recursive: true });

const page = `# What an evaluation by a program costs besides the task

Made by \`node bench/external.ts --write\` on ${new Date().toISOString().slice(0, 10)}, Node.js ${process.versions.node}, ${availableParallelism()} cores.
${DIMENSION} parameters, through the evaluator of a host (\`PooledEvaluator\` with programs), in the run's custody. One at a time: the median of ${SINGLE_CALLS}
calls, from handing a point in to having its value. In batches: ${BATCHED_CALLS} evaluations, as many handed in at any time as the evaluator has room for.

| | | measured | target |
| --- | --- | --- | --- |
${rows.map(([what, unit, value, target]) => `| ${what} | ${unit} | ${value.toFixed(0)} | ${target} |`).join('\n')}
`;
console.log(page);
if (process.argv.includes('--write')) writeFileSync(path.join(import.meta.dirname, 'external.md'), page);
