import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { Bench, Benchmark, Cell, Measured, Table } from '../harness/benchmark.ts';
import { root } from '../harness/managed-run.ts';
import { measured } from '../harness/measure.ts';

const LEVELS = ['inline', 'threads', 'processes'] as const;
type Level = (typeof LEVELS)[number];

interface ColdStart {
  /** From before the process is started until a reader of the log sees the first row. */
  readonly committedMs: number;
  /** Until the end of that evaluation, as its row says. */
  readonly evaluatedMs: number;
}

interface ColdStartOptions {
  /** Where the run's directory and the caches are, in directories of their own. */
  readonly folder: string;
  /** Started with an empty compile cache, as the first time after an installation. */
  readonly isFirstEver: boolean;
}

/** One run to its first evaluation, and on to its end. */
async function measureColdStart(level: Level, options: ColdStartOptions): Promise<ColdStart> {
  const { folder, isFirstEver } = options;
  const cache = path.join(folder, 'cache');
  if (isFirstEver) rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  const dir = path.join(folder, 'run');
  rmSync(dir, { recursive: true, force: true });
  const sets = [`manager.backend=${level}`, 'stop={max-evaluations: 2000}'];
  const begun = performance.timeOrigin + performance.now();
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  const child = spawn(
    path.join(root, 'node_modules', '.bin', 'glompo'),
    [
      'run',
      path.join(root, 'configs', 'quickstart.yaml'),
      '--dir',
      dir,
      '--seed',
      '1',
      '--no-report',
      ...sets.flatMap((set) => ['--set', set]),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...env, XDG_CACHE_HOME: cache } },
  );
  let errors = '';
  child.stderr.on('data', (chunk: Uint8Array) => (errors += new TextDecoder().decode(chunk)));
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;
  const ended = once(child, 'close');
  const row = await firstRow(path.join(dir, 'run.sqlite'), isAlive);
  const seen = performance.timeOrigin + performance.now();
  await ended;
  if (!row || child.exitCode !== 0) throw new Error(`${level}: exit code ${child.exitCode}: ${errors}`);
  return { committedMs: seen - begun, evaluatedMs: row.started_at + row.duration_ms - begun };
}

interface FirstRow {
  readonly started_at: number;
  readonly duration_ms: number;
}

/** Looks each millisecond, and not before the log is one that readers do not disturb. */
async function firstRow(file: string, isAlive: () => boolean): Promise<FirstRow | undefined> {
  const begun = (): boolean => (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
  while (!begun()) {
    if (!isAlive()) return undefined;
    await pause(1);
  }
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    while (true) {
      const row = look(db);
      if (row || !isAlive()) return row;
      await pause(1);
    }
  } finally {
    db.close();
  }
}

function look(db: Database.Database): FirstRow | undefined {
  try {
    return db
      .prepare<[], FirstRow>('SELECT started_at, duration_ms FROM evaluations ORDER BY call_id LIMIT 1')
      .get();
  } catch {
    // Its tables are still to come.
    return undefined;
  }
}

/** A script from its start to its end. */
async function measureScript(args: readonly string[]): Promise<number> {
  const begun = performance.now();
  const child = spawn(process.execPath, args, { stdio: 'ignore', cwd: root });
  await once(child, 'close');
  return performance.now() - begun;
}

/** The least that a program with a log can do: opens one as ours is, and commits a row. */
function writeFloorScript(folder: string): string {
  const file = path.join(folder, 'floor.mjs');
  writeFileSync(
    file,
    `import Database from ${JSON.stringify(import.meta.resolve('better-sqlite3'))};
const db = new Database(${JSON.stringify(path.join(folder, 'floor.sqlite'))});
db.pragma('journal_mode = WAL');
db.exec('CREATE TABLE IF NOT EXISTS evaluations (call_id INTEGER PRIMARY KEY, x BLOB, fx REAL)');
db.prepare('INSERT INTO evaluations (x, fx) VALUES (?, ?)').run(Buffer.alloc(72), 1.5);
`,
  );
  return file;
}

export const coldStart: Benchmark = {
  name: 'cold-start',
  title: 'From the start of the command to the first evaluation in the log',
  about: `
\`node_modules/.bin/glompo run configs/quickstart.yaml\`: from before the process is started until a reader in another process, which looks each millisecond, sees the
first row committed; and until the end of that evaluation, as its row says. All kinds of start turn and turn about, each with the compile cache that its own
first start left; \`first ever\` with none. The goal is 300 ms with \`inline\`, 450 ms with \`processes\`. Two floors: Node.js alone, and a script that imports better-sqlite3
and commits a row.`,
  run: async (bench) => [await starts(bench)],
};

async function starts({ folder, isQuick, say }: Bench): Promise<Table> {
  const rounds = isQuick ? 2 : 11;
  const floor = writeFloorScript(folder);
  const node: number[] = [];
  const floors: number[] = [];
  const warm = noStarts();
  const firstEver = noStarts();
  // The first of all of them warms the disk and is left out.
  for (let round = -1; round < rounds; round++) {
    const samples = [await measureScript(['-e', '0']), await measureScript([floor])];
    const isCounted = round >= 0;
    if (isCounted) {
      node.push(samples[0]!);
      floors.push(samples[1]!);
    }
    for (const level of LEVELS) {
      const own = path.join(folder, level);
      const first = await measureColdStart(level, { folder: own, isFirstEver: true });
      const next = await measureColdStart(level, { folder: own, isFirstEver: false });
      if (!isCounted) continue;
      firstEver[level].push(first);
      warm[level].push(next);
    }
    say(`round ${round + 1} of ${rounds}`);
  }
  const least = measured(floors);
  const row = (name: string, committed: Measured, evaluated: Measured | null): Cell[] => [
    name,
    committed,
    evaluated,
    committed.median / least.median,
  ];
  const rowsOf = (samples: Record<Level, readonly ColdStart[]>, more: string): Cell[][] =>
    LEVELS.map((level) =>
      row(
        level + more,
        measured(samples[level].map(({ committedMs }) => committedMs)),
        measured(samples[level].map(({ evaluatedMs }) => evaluatedMs)),
      ),
    );
  return {
    title: 'Milliseconds from the start of the process',
    columns: [
      { name: 'start' },
      { name: 'committed', unit: 'ms', better: 'lower' },
      { name: 'evaluated', unit: 'ms', better: 'lower' },
      { name: 'committed / floor', better: 'lower' },
    ],
    rows: [
      row('node -e 0, to its end', measured(node), null),
      row('better-sqlite3 and one row, to its end: the floor', least, null),
      ...rowsOf(warm, ''),
      ...rowsOf(firstEver, ', first ever'),
    ],
  };
}

function noStarts(): Record<Level, ColdStart[]> {
  return { inline: [], threads: [], processes: [] };
}
