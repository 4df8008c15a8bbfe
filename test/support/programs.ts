import { execFileSync } from 'node:child_process';
import type { Finished } from '../../src/backends/batch.ts';
import type { Job } from '../../src/backends/evaluators/contract.ts';
import type { ProgramShelf } from '../../src/backends/evaluators/program-shelf.ts';
import type { ProgramCrew } from '../../src/backends/evaluators/programs.ts';
import { createEvaluator } from '../../src/backends/evaluators/registry.ts';
import { systemClock } from '../../src/core/clock.ts';
import { Custody } from '../../src/processes/custody.ts';
import type { TaskSpec, WorkerSpec } from '../../src/tasks/contract.ts';

/** The interpreter itself: what `python3` is on PATH may be a script that takes longer to start than all the rest. */
export const python: string = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], {
  encoding: 'utf8',
}).trim();

/** A worker written in Python that answers `id + 0.5`; `code` runs before, with `id`, the whole `request` and `say(bytes)`. */
export function scripted(code: string, ready = '{"ready":1}', before = ''): readonly string[] {
  return [
    python,
    '-S',
    '-E',
    '-c',
    `import json, os, signal, sys, time
def say(data): os.write(1, data)
def log(text): os.write(2, text.encode())
${before}
start = json.loads(sys.stdin.readline())
say(b'''${ready}\\n''')
for line in sys.stdin:
    request = json.loads(line)
    if 'cancel' in request:
        on_cancel = True
        continue
    for id in request.get('ids', [request.get('id')]):
${(code || 'pass').trim().replaceAll(/^/gm, '        ')}
        say(b'{"id":%d,"value":%d.5}\\n' % (id, id))
`,
  ];
}

export function specOf(argv: readonly string[], more: Partial<WorkerSpec> = {}): TaskSpec & WorkerSpec {
  return { kind: 'worker', argv, cwd: '/tmp', startSeconds: 30, label: 'the worker', written: {}, ...more };
}

export interface EvaluateOptions {
  readonly workers?: number;
  readonly retries?: number;
  readonly timeoutSeconds?: number;
  readonly names?: readonly string[];
  readonly wantsGradient?: boolean;
  readonly cutoff?: number;
  /** By default those of `names` are all the id of their job. */
  readonly x?: (id: number) => Float64Array;
  readonly optimizerId?: number;
  /** Where programs are taken from and put back to. */
  readonly shelf?: ProgramShelf<ProgramCrew>;
  /** @default one that ends with the evaluator, and all that it started with it */
  readonly custody?: Custody;
}

/** What came of evaluations, in the order in which they ended, and what the programs printed to standard error. */
export interface Evaluated {
  readonly rows: readonly Finished[];
  readonly printed: string;
  /** The row of the job with this id. */
  of(id: number): Finished;
}

/** Evaluates jobs 1 to `count` by the evaluator of a host, and disposes of it. */
export async function evaluate(
  task: TaskSpec,
  count: number,
  {
    workers = 1,
    retries = 1,
    timeoutSeconds,
    names = ['a'],
    wantsGradient = false,
    cutoff,
    x,
    optimizerId = 1,
    shelf,
    custody,
  }: EvaluateOptions = {},
): Promise<Evaluated> {
  await using own = custody ? undefined : await Custody.start({ containment: 'none' });
  const rows: Finished[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const printed: Uint8Array[] = [];
  let submitted = 0;
  await using evaluator = await createEvaluator(
    {
      spec: { kind: 'inline', workers, retries, ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }) },
      task,
      parameters: names.map((name) => ({ name, kind: 'fixed', value: 0 })),
      seed: 5,
      optimizerId,
      wantsGradient,
      ...(shelf ? { shelf } : {}),
      worker: 'test',
      custody: (custody ?? own!).ticket('thread'),
      clock: systemClock,
      onFinished: (finished) => {
        rows.push(...finished);
        queueMicrotask(submit);
      },
    },
    (_, _stream, chunk) => printed.push(chunk),
  );
  function submit(): void {
    const jobs: Job[] = [];
    for (let room = evaluator.room; room > 0 && submitted < count; room--) {
      submitted++;
      const point = x?.(submitted) ?? new Float64Array(names.length).fill(submitted);
      jobs.push({ candidateId: submitted, x: point, ...(cutoff === undefined ? {} : { cutoff }) });
    }
    if (jobs.length > 0) evaluator.submit(jobs);
    if (rows.length >= count) resolve();
  }
  submit();
  await promise;
  await evaluator[Symbol.asyncDispose]();
  return {
    rows,
    printed: Buffer.concat(printed).toString(),
    of: (id) => rows.find(({ candidateId }) => candidateId === id)!,
  };
}
