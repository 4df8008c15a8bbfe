/**
 * How long `glompo run` takes from the start of its process to the first evaluation that is in its log: `npm run build`, then
 * `node bench/cold-start.ts [ROUNDS]` prints a table. All kinds of start turn and turn about, beside two floors: Node.js alone, and a
 * script that imports better-sqlite3 and commits a row.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';

const root = path.resolve(import.meta.dirname, '..');

export const LEVELS = ['inline', 'threads', 'processes'] as const;
export type Level = (typeof LEVELS)[number];

export interface ColdStart {
  /** From before the process is started until a reader of the log sees the first row. */
  readonly committedMs: number;
  /** Until the end of that evaluation, as its row says. */
  readonly evaluatedMs: number;
}

export interface ColdStartOptions {
  /** @default the command of this clone */
  readonly command?: readonly string[];
  /** @default configs/quickstart.yaml */
  readonly config?: string;
  /** Where the run's directory and the caches are, in directories of their own. */
  readonly folder: string;
  /** Started with an empty compile cache, as the first time after an installation. @default false */
  readonly isFirstEver?: boolean;
}

/** One run to its first evaluation, and on to its end. */
export async function measureColdStart(level: Level, options: ColdStartOptions): Promise<ColdStart> {
  const {
    command = [path.join(root, 'node_modules', '.bin', 'glompo')],
    config = path.join(root, 'configs', 'quickstart.yaml'),
    folder,
    isFirstEver = false,
  } = options;
  const cache = path.join(folder, 'cache');
  if (isFirstEver) rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  const dir = path.join(folder, 'run');
  rmSync(dir, { recursive: true, force: true });
  const sets = [`manager.backend=${level}`, 'stop={max-evaluations: 2000}'];
  const [file, ...args] = command;
  const begun = performance.timeOrigin + performance.now();
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  const child = spawn(
    file!,
    [...args, 'run', config, '--dir', dir, '--seed', '1', ...sets.flatMap((set) => ['--set', set])],
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
export async function measureScript(args: readonly string[]): Promise<number> {
  const begun = performance.now();
  const child = spawn(process.execPath, args, { stdio: 'ignore', cwd: root });
  await once(child, 'close');
  return performance.now() - begun;
}

/** The least that a program with a log can do: opens one as ours is, and commits a row. */
export function writeFloorScript(folder: string): string {
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

export interface ColdStartFigures {
  readonly rounds: number;
  /** Medians. */
  readonly nodeMs: number;
  readonly floorMs: number;
  readonly warm: Readonly<Record<Level, ColdStart>>;
  readonly firstEver: Readonly<Record<Level, ColdStart>>;
}

/** Medians of `rounds` starts of each kind, turn and turn about. The first of all of them warms the disk and is left out. */
export async function measureColdStarts(
  rounds = 11,
  options: Omit<ColdStartOptions, 'folder' | 'isFirstEver'> = {},
): Promise<ColdStartFigures> {
  const folder = mkdtempSync(path.join(tmpdir(), 'glompo-cold-start-'));
  try {
    const floor = writeFloorScript(folder);
    const node: number[] = [];
    const floors: number[] = [];
    const warm = noStarts();
    const firstEver = noStarts();
    for (let round = -1; round < rounds; round++) {
      const isCounted = round >= 0;
      const samples = [await measureScript(['-e', '0']), await measureScript([floor])];
      if (isCounted) {
        node.push(samples[0]!);
        floors.push(samples[1]!);
      }
      for (const level of LEVELS) {
        // Each kind of start with the cache that its own first start left.
        const own = path.join(folder, level);
        const first = await measureColdStart(level, { ...options, folder: own, isFirstEver: true });
        const next = await measureColdStart(level, { ...options, folder: own });
        if (!isCounted) continue;
        firstEver[level].push(first);
        warm[level].push(next);
      }
    }
    return {
      rounds,
      nodeMs: median(node),
      floorMs: median(floors),
      warm: mediansOf(warm),
      firstEver: mediansOf(firstEver),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function noStarts(): Record<Level, ColdStart[]> {
  return { inline: [], threads: [], processes: [] };
}

function mediansOf(samples: Record<Level, readonly ColdStart[]>): Record<Level, ColdStart> {
  const of = (level: Level): ColdStart => ({
    committedMs: median(samples[level].map(({ committedMs }) => committedMs)),
    evaluatedMs: median(samples[level].map(({ evaluatedMs }) => evaluatedMs)),
  });
  return { inline: of('inline'), threads: of('threads'), processes: of('processes') };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

if (import.meta.main) {
  const { rounds, nodeMs, floorMs, warm, firstEver } = await measureColdStarts(Number(process.argv[2] ?? 11));
  const cells = ({ committedMs, evaluatedMs }: ColdStart): string =>
    `${committedMs.toFixed(0)} | ${evaluatedMs.toFixed(0)} | ${(committedMs / floorMs).toFixed(1)}`;
  console.log(`Node.js ${process.versions.node}, ${availableParallelism()} cores, medians of ${rounds} rounds

| start | committed, ms | evaluated, ms | ratio to the floor |
| --- | --- | --- | --- |
| \`node -e 0\`, to its end | ${nodeMs.toFixed(0)} | | ${(nodeMs / floorMs).toFixed(1)} |
| better-sqlite3 and one row, to its end: the floor | ${floorMs.toFixed(0)} | | 1.0 |
${LEVELS.map((level) => `| ${level} | ${cells(warm[level])} |`).join('\n')}
${LEVELS.map((level) => `| ${level}, first ever | ${cells(firstEver[level])} |`).join('\n')}`);
}
