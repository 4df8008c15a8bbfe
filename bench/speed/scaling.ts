import path from 'node:path';
import Database from 'better-sqlite3';
import type { Bench, Benchmark, Cell, Table } from '../harness/benchmark.ts';
import { managedRun } from '../harness/managed-run.ts';
import { measured } from '../harness/measure.ts';

const HUNTERS = `{ any: [{ all: [{ evaluations-unmoving: { calls: 100, tolerance: 0.01 } }, { value-annealing: { survivalAtTwice: 0.1 } }] }, { best-unmoving: { calls: 2000, tolerance: 0.2 } }] }`;

/** Examines everybody, to the last condition, and kills nobody: no optimizer here is of that type. */
const NEVER = `{ all: [{ evaluations-unmoving: { calls: 100, tolerance: 1000 } }, { optimizer-type: [nelder-mead] }] }`;

export const scaling: Benchmark = {
  name: 'scaling',
  title: 'How the cost of an evaluation grows with the work',
  about: `
The whole of a run per evaluation, on the sphere function: with \`inline\` all is in one process, whose CPU time is everything there is: the optimizers, the
task, the manager, the log. What a dimension costs is the points' own size; with optimizers alive and evaluations logged the cost is to stay as it is.`,
  run: async (bench) => [dimensions(bench), alive(bench), logged(bench)],
};

/** CPU per evaluation in microseconds, of some runs. */
function cost({ folder }: Bench, rounds: number, config: string): Cell {
  return measured(
    Array.from({ length: rounds }, () => {
      const run = managedRun(folder, config);
      return (1e6 * run.cpuSeconds) / run.evaluations;
    }),
  );
}

function dimensions(bench: Bench): Table {
  const sizes = bench.isQuick ? [2, 20, 200] : [2, 5, 10, 20, 50, 100, 200, 500, 1000];
  const rounds = bench.isQuick ? 1 : 3;
  const rows = sizes.map((dimension) => {
    const evaluations = Math.ceil(2_000_000 / (dimension + 8));
    const config = (optimizer: string, count: number): string => `
task: { benchmark: sphere, dimension: ${dimension} }
optimizers: [${optimizer}]
hunters: none
stop: { max-evaluations: ${count} }
manager: { maxJobs: 1, backend: inline, seed: 1 }
`;
    // The decomposition of C is the more expensive the less often it is worth the while: fewer evaluations there.
    const few = Math.max(2000, Math.ceil(20_000_000 / (dimension + 8) ** 2));
    const row = [
      String(dimension),
      cost(bench, rounds, config('random', evaluations)),
      cost(bench, rounds, config('cma-es', Math.min(evaluations, few))),
      cost(bench, rounds, config('{ cma-es: { covariance: diagonal } }', evaluations)),
    ];
    bench.say(`dimension ${dimension}`);
    return row;
  });
  return {
    title: 'Over the dimension',
    columns: [
      { name: 'dimension' },
      { name: 'random', unit: 'µs', better: 'lower' },
      { name: 'cma-es', unit: 'µs', better: 'lower' },
      { name: 'cma-es, diagonal', unit: 'µs', better: 'lower' },
    ],
    rows,
  };
}

function alive(bench: Bench): Table {
  const counts = bench.isQuick ? [1, 20, 200] : [1, 2, 5, 10, 20, 50, 100, 200, 500];
  const evaluations = bench.isQuick ? 200_000 : 500_000;
  const rounds = bench.isQuick ? 1 : 3;
  const config = (count: number, hunters: string): string => `
task: { benchmark: sphere, dimension: 10 }
optimizers: [random]
hunters: ${hunters}
stop: { max-evaluations: ${evaluations} }
manager: { maxJobs: ${count}, backend: inline, huntFrequency: 500, seed: 1 }
`;
  const rows = counts.map((count) => {
    bench.say(`${count} optimizers alive`);
    return [
      String(count),
      cost(bench, rounds, config(count, 'none')),
      cost(bench, rounds, config(count, NEVER)),
    ];
  });
  return {
    title: 'Over the optimizers alive',
    columns: [
      { name: 'optimizers' },
      { name: 'not hunted', unit: 'µs', better: 'lower' },
      { name: 'examined every 500 calls, never killed', unit: 'µs', better: 'lower' },
    ],
    rows,
    notes: [
      `Random points in 10-D, ${evaluations.toLocaleString('en-US')} evaluations in all, start-up included.`,
    ],
  };
}

function logged(bench: Bench): Table {
  const evaluations = bench.isQuick ? 1_000_000 : 10_000_000;
  const run = managedRun(
    bench.folder,
    `
task: { benchmark: sphere, dimension: 5 }
optimizers: [random]
hunters: ${HUNTERS}
stop: { max-evaluations: ${evaluations} }
manager: { maxJobs: 2, backend: threads, huntFrequency: 500, seed: 1 }
`,
  );
  using db = closing(new Database(path.join(bench.folder, 'run', 'run.sqlite'), { readonly: true }));
  const at = db.prepare<[number], number>('SELECT started_at FROM evaluations WHERE call_id = ?').pluck();
  const rows: Cell[][] = [];
  for (let to = 10_000; to <= evaluations; to *= 10) {
    const from = to / 10;
    rows.push([
      `${from.toLocaleString('en-US')} to ${to.toLocaleString('en-US')}`,
      (1000 * (at.get(to)! - at.get(from)!)) / (to - from),
    ]);
  }
  bench.say(`${evaluations} evaluations in ${run.wallSeconds.toFixed(0)} s`);
  return {
    title: 'Over the evaluations logged',
    columns: [
      { name: 'evaluations in the log' },
      { name: 'wall clock per evaluation', unit: 'µs', better: 'lower' },
    ],
    rows,
    notes: [
      `One run of 2 optimizers in threads, 5-D, hunted: ${run.evaluations.toLocaleString('en-US')} evaluations, ${run.optimizers.started.toLocaleString('en-US')} optimizers started, ${Math.round(run.wallSeconds)} s; the largest resident memory was ${Math.round(run.peakMB)} MB.`,
    ],
  };
}

function closing(db: Database.Database): Database.Database & Disposable {
  return Object.assign(db, { [Symbol.dispose]: () => db.close() });
}
