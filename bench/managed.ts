/**
 * Does managing help? Plays the arms of the protocol, all on the same problems with the same seeds and as many evaluations, and writes bench/managed.md.
 *
 * usage: node bench/managed.ts DIR --suite ma-bbob|lennard-jones [--dimensions 5,10,20] [--functions 101-200] [--seeds 1-51] [--budget 1000] [--minutes N]
 *        node bench/managed.ts DIR
 *
 * The first gathers results in DIR, seed by seed, and stops after N minutes; what is there already is not played again, and a budget of 10,000 holds what one of 1,000
 * would have given. The second writes the report of what there is.
 *
 * | arm | |
 * | --- | --- |
 * | U | CMA-ES to convergence, then another from a random start |
 * | M | the same with the default hunters |
 * | R | the same with as many kills at the same times, of victims drawn at random |
 * | B | one CMA-ES with BIPOP restarts |
 * | P | the default portfolio without hunters |
 * | PM | the default |
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { Piscina } from 'piscina';
import { findSuite, problemsOf } from '../src/bench/suites.ts';
import { type ArmOutcome, type Job } from './managed-worker.ts';
import { writeReport } from './managed-report.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    suite: { type: 'string' },
    dimensions: { type: 'string' },
    functions: { type: 'string' },
    seeds: { type: 'string', default: '1-51' },
    budget: { type: 'string', default: '1000' },
    minutes: { type: 'string', default: 'Infinity' },
  },
});
const directory = positionals[0];
if (directory === undefined) throw new Error('usage: node bench/managed.ts DIR [--suite NAME …]');
mkdirSync(directory, { recursive: true });
const db = new Database(path.join(directory, 'managed.sqlite'));
db.exec(`CREATE TABLE IF NOT EXISTS runs (
  suite TEXT, function TEXT, dimension INTEGER, seed INTEGER, arm TEXT, per_dimension INTEGER,
  evaluations INTEGER, bests TEXT, hits TEXT, started INTEGER, killed INTEGER,
  PRIMARY KEY (suite, function, dimension, seed, arm)
) WITHOUT ROWID`);

if (values.suite === undefined) writeReport(db);
else await gather(values.suite);

async function gather(name: string): Promise<void> {
  const suite = findSuite(name);
  const perDimension = Number(values.budget);
  const problems = problemsOf(suite, {
    ...(values.dimensions === undefined ? {} : { dimensions: numbers(values.dimensions) }),
    ...(values.functions === undefined ? {} : { functions: numbers(values.functions).map(String) }),
  });
  const has = db
    .prepare(
      'SELECT 1 FROM runs WHERE suite = ? AND function = ? AND dimension = ? AND seed = ? AND per_dimension >= ?',
    )
    .pluck();
  const jobs = numbers(values.seeds).flatMap((seed) =>
    problems.flatMap((problem): readonly Job[] =>
      has.get(name, problem.function, problem.dimension, seed, perDimension) === undefined
        ? [{ suite: name, problem, seed, perDimension }]
        : [],
    ),
  );
  const until = performance.now() + 60_000 * Number(values.minutes);
  const pool = new Piscina<Job, readonly ArmOutcome[]>({
    filename: path.join(import.meta.dirname, 'managed-worker.ts'),
    minThreads: 2,
    maxThreads: 2,
  });
  const add = db.prepare(
    `INSERT OR REPLACE INTO runs VALUES (@suite, @function, @dimension, @seed, @arm, @perDimension, @evaluations, @bests, @hits, @started, @killed)`,
  );
  const queue = jobs.values();
  let done = 0;
  const work = async (): Promise<void> => {
    for (const job of queue) {
      if (performance.now() > until) return;
      const outcomes = await pool.run(job);
      const { problem, seed } = job;
      db.transaction(() => {
        for (const { bests, hits, ...one } of outcomes)
          add.run({
            ...one,
            suite: name,
            function: problem.function,
            dimension: problem.dimension,
            seed,
            perDimension,
            bests: JSON.stringify(bests),
            hits: JSON.stringify(hits),
          });
      })();
      if (++done % 50 === 0) console.log(`${done} of ${jobs.length}`);
    }
  };
  await Promise.all([work(), work()]);
  await pool.destroy();
  console.log(`${done} of ${jobs.length} problems with a seed played in all arms`);
}

/** `1-3,7` */
function numbers(list: string): readonly number[] {
  return list.split(',').flatMap((part) => {
    const [from, to = from] = part.split('-').map(Number);
    return Array.from({ length: to! - from! + 1 }, (_, i) => from! + i);
  });
}
