import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { runCli, startCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';
import { recordOf } from '../support/record.ts';

const ROUNDS = Number(process.env['GLOMPO_CRASH_ROUNDS'] ?? 7);
/** In reproducible mode. */
const REPRODUCIBLE_ROUNDS = Math.ceil(ROUNDS / 2);
const FIRST = Number(process.env['GLOMPO_CRASH_FIRST'] ?? 0);
const BUDGET = 1200;
const MOST_KILLS = ROUNDS > 7 ? 10 : 3;
/** Three optimizers, each with credits for 0.1 s of evaluations of 2 ms by two workers, or for a generation. */
const MOST_CREDITS = 3 * 100;

const PAIRS = [
  ['inline', 'inline'],
  ['threads', 'inline'],
  ['threads', 'threads'],
  ['processes', 'inline'],
  ['threads', 'processes'],
  ['processes', 'threads'],
  ['processes_forced', 'processes'],
] as const;
const OPTIMIZERS = ['cma-es', 'nelder-mead', 'random'] as const;

/** Says what it evaluated in a file, when it is done and before anyone is told. */
const TASK = `
import { appendFileSync } from 'node:fs';
export default async function task(x, { optimizerId, candidateId }) {
  await new Promise((resolve) => setTimeout(resolve, 2));
  const value = 20 + x.reduce((sum, v) => sum + v * v - 10 * Math.cos(2 * Math.PI * v), 0);
  appendFileSync(new URL('evidence', import.meta.url), process.env.GLOMPO_TEST_SESSION + ' ' + optimizerId + '/' + candidateId + '\\n');
  return candidateId % 29 === 0 ? NaN : value;
}`;

interface Logged {
  readonly call_id: number;
  readonly candidate: string;
  readonly status: string;
}

const rowsOf = (directory: string): readonly Logged[] =>
  query<Logged>(
    directory,
    `SELECT call_id, optimizer_id || '/' || candidate_id AS candidate, status FROM evaluations ORDER BY call_id`,
  );

function evidence(folder: Folder): readonly (readonly [session: number, candidate: string])[] {
  if (!existsSync(folder.at('evidence'))) return [];
  return readFileSync(folder.at('evidence'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [session, candidate] = line.split(' ') as [string, string];
      return [Number(session), candidate] as const;
    });
}

/** Runs a configuration to its end, through a number of kills. */
async function runThrough(
  folder: Folder,
  kills: number,
  random: RandomStream,
  afterKill: (session: number) => void,
): Promise<number> {
  for (let session = 0; ; session++) {
    process.env['GLOMPO_TEST_SESSION'] = String(session);
    const args = session === 0 ? ['run', 'c.yaml', '--dir', 'run', '--json'] : ['resume', 'run', '--json'];
    // Its process may have been killed before there was a log.
    const isLogged =
      safely(() => query(folder.at('run'), "SELECT 1 FROM run WHERE key = 'status'")).length > 0;
    const run = startCli(
      session > 0 && !isLogged ? ['run', 'c.yaml', '--dir', 'run', '--overwrite', '--json'] : args,
      folder.path,
    );
    const over = new AbortController();
    void run.then(() => {
      over.abort();
    });
    if (session < kills) {
      // When it has begun to evaluate, or any time before.
      if (random.uniform() < 0.8) {
        const before = evidence(folder).length;
        for (let i = 0; i < 500 && evidence(folder).length === before && !over.signal.aborted; i++)
          await sleep(10);
      }
      await sleep(400 * random.uniform());
      if (!over.signal.aborted) {
        run.kill('SIGKILL');
        await run;
        afterKill(session);
        continue;
      }
    }
    const { exitCode, stderr, stdout } = await run;
    if (exitCode !== 0) throw new Error(`session ${session} ended with ${exitCode}: ${stderr}`);
    expect(JSON.parse(stdout)).toMatchObject({ evaluations: BUDGET });
    return session;
  }
}

describe('a run whose manager is killed by SIGKILL at random moments and resumed each time', () => {
  it(`loses nothing and evaluates nothing twice, in ${ROUNDS} rounds over backends and optimizers`, async () => {
    const random = RandomStream.at(Number(process.env['GLOMPO_CRASH_SEED'] ?? 1), 'crash');
    let sessions = 0;
    for (let round = FIRST; round < FIRST + ROUNDS; round++) {
      using folder = new Folder();
      const [backend, evaluate] = PAIRS[round % PAIRS.length]!;
      const first = OPTIMIZERS[round % OPTIMIZERS.length]!;
      folder.write('task.mjs', TASK);
      folder.write(
        'c.yaml',
        `task: { module: task.mjs }
parameters: [{ name: a, min: -5, max: 5 }, { name: b, min: -5, max: 5 }, { name: k, min: 0.01, max: 10, scale: log }]
optimizers: [{ ${first}: { workers: 2, evaluate: ${evaluate} } }, cma-es, nelder-mead]
hunters: { evaluations-unmoving: { calls: 150, tolerance: 0.05 } }
stop: { max-evaluations: ${BUDGET} }
manager: { maxJobs: 4, backend: ${backend}, huntFrequency: 100, shareBest: true, containment: none }
`,
      );
      const about = `round ${round}: ${backend}/${evaluate}, ${first}`;
      // What was in the log when a session had died.
      const known: ReadonlySet<string>[] = [];
      sessions += await runThrough(folder, 1 + random.integer(MOST_KILLS), random, (session) => {
        const logged = existsSync(folder.at('run/run.sqlite')) ? safely(() => rowsOf(folder.at('run'))) : [];
        known[session] = new Set(logged.map(({ candidate }) => candidate));
        // In the log is nothing that was not evaluated, and not in there is no more than was out.
        const finished = new Set(evidence(folder).map(([, candidate]) => candidate));
        for (const { candidate } of logged) expect(finished, about).toContain(candidate);
        const inLog = new Set(logged.map(({ candidate }) => candidate));
        const lost = [...finished].filter((candidate) => !inLog.has(candidate));
        expect(lost.length, about).toBeLessThanOrEqual(MOST_CREDITS);
      });
      const rows = rowsOf(folder.at('run'));
      expect(
        rows.map(({ call_id }) => call_id),
        about,
      ).toEqual(Array.from({ length: BUDGET }, (_, i) => i + 1));
      expect(new Set(rows.map(({ candidate }) => candidate)).size, about).toBe(BUDGET);
      const again = evidence(folder).filter(([session, candidate]) => known[session - 1]?.has(candidate));
      expect(again, about).toEqual([]);
      expect(
        query(folder.at('run'), `SELECT optimizer_id FROM optimizers WHERE status = 'running'`),
        about,
      ).toEqual([]);
      expect(query(folder.at('run'), 'PRAGMA integrity_check'), about).toEqual([{ integrity_check: 'ok' }]);
    }
    // Otherwise the kills came too late to show anything.
    expect(sessions).toBeGreaterThan(ROUNDS);
  }, 3_600_000);

  it(`has in reproducible mode the log that it has when nobody kills it, in ${REPRODUCIBLE_ROUNDS} rounds`, async () => {
    const random = RandomStream.at(Number(process.env['GLOMPO_CRASH_SEED'] ?? 1), 'crash-reproducible');
    let sessions = 0;
    for (let round = FIRST; round < FIRST + REPRODUCIBLE_ROUNDS; round++) {
      using folder = new Folder();
      const [backend, evaluate] = PAIRS[round % PAIRS.length]!;
      const about = `round ${round}: ${backend}/${evaluate}`;
      folder.write('task.mjs', TASK);
      const write = (level1: string, level2: string): string =>
        folder.write(
          'c.yaml',
          `task: { module: task.mjs }
parameters: [{ name: a, min: -5, max: 5 }, { name: b, min: -5, max: 5 }, { name: k, min: 0.01, max: 10, scale: log }]
optimizers: [{ cma-es: { workers: 2, evaluate: ${level2} } }, nelder-mead, random]
hunters: { any: [{ evaluations-unmoving: { calls: 100, tolerance: 0.1 } }, { min-evaluations: { calls: 250 } }] }
stop: { max-evaluations: ${BUDGET} }
checkpoints: { everyEvaluations: 200 }
manager: { maxJobs: 4, backend: ${level1}, huntFrequency: 100, shareBest: true, containment: none, reproducible: true, seed: ${round} }
`,
        );
      write('inline', 'inline');
      const { exitCode, stderr } = await runCli(['run', 'c.yaml', '--dir', 'whole'], folder.path);
      expect(exitCode, stderr).toBe(0);
      write(backend, evaluate);
      sessions += await runThrough(folder, 1 + random.integer(MOST_KILLS), random, () => {});
      const whole = recordOf(folder.at('whole'));
      const killed = recordOf(folder.at('run'));
      expect(killed.evaluations, about).toEqual(whole.evaluations);
      expect(killed.decisions, about).toEqual(whole.decisions);
    }
    expect(sessions).toBeGreaterThan(REPRODUCIBLE_ROUNDS);
  }, 3_600_000);
});

/** A log whose manager died as it was made has no tables yet. */
function safely<Row>(read: () => readonly Row[]): readonly Row[] {
  try {
    return read();
  } catch {
    return [];
  }
}
