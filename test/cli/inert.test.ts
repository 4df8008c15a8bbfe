import { readdirSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { type CliResult, runCli } from '../support/cli.ts';
import { Folder } from '../support/folder.ts';
import { Marked } from '../support/survivors.ts';

const EVALUATIONS = 40;

const ESCAPES = '\u001b[2J\u001b]0;title\u0007\u009b31m\u202Ered\r\b';
const HOSTILE: readonly string[] = [
  `'; DROP TABLE evaluations; --`,
  `"); ATTACH 'pwned' AS p; --`,
  '$(touch pwned); `touch pwned`; | touch pwned & touch pwned',
  '<script src="javascript:alert(1)"></script><img src=x onerror=alert(1)>',
  `${ESCAPES}after`,
  '../../../../pwned',
  '__proto__',
  'constructor',
  '=cmd|"/c calc"!A1',
  'a\nb\tc\u0000d',
  '{"__proto__": {"polluted": true}}',
];
/** All of them in one, for a column that is read in many places. */
const ALL = HOSTILE.join(' ');

let folder: Folder;
let marked: Marked;
beforeEach(async () => {
  folder = new Folder();
  marked = new Marked();
  await using manager = new GloMPOManager({
    task: { benchmark: 'sphere', dimension: 2 },
    optimizers: ['random', 'nelder-mead'],
    hunters: 'none',
    stop: { 'max-evaluations': EVALUATIONS },
    checkpoints: { atEnd: true },
    manager: { maxJobs: 2, backend: 'inline', containment: 'none', seed: 1 },
    dir: folder.at('run'),
  });
  await manager.start();
});
afterEach(() => {
  marked[Symbol.dispose]();
  folder[Symbol.dispose]();
});

/** What reads logs, run in the folder. */
async function readAll(): Promise<readonly CliResult[]> {
  const results: CliResult[] = [];
  for (const args of [
    ['status', 'run'],
    ['status', 'run', '--json'],
    ['export', 'run', '--format', 'csv'],
    ['export', 'run', '--format', 'jsonl'],
    ['export', 'run', '--format', 'parquet', '--output', 'table.parquet'],
    ['checkpoint', 'run', '--portable', 'portable.sqlite'],
  ])
    results.push(await runCli(args, folder.path));
  return results;
}

/** Every file below the folder but what the commands themselves are to write. */
const files = (): readonly string[] =>
  readdirSync(folder.path, { recursive: true })
    .map(String)
    .filter((name) => !['table.parquet', 'portable.sqlite'].includes(name))
    .toSorted();

/** Makes a log hostile without making it unreadable. */
function poison(change: (db: Database.Database) => void): void {
  const db = new Database(folder.at('run/run.sqlite'));
  change(db);
  db.close();
}

const setFact = (db: Database.Database, key: string, value: unknown): void => {
  db.prepare('INSERT OR REPLACE INTO run (key, value) VALUES (?, ?)').run(key, JSON.stringify(value));
};

describe('a log with hostile strings in it', () => {
  it('does nothing when it is read, whatever stands in its text columns', async () => {
    poison((db) => {
      for (const table of ['evaluations', 'optimizers', 'events', 'checkpoints'])
        for (const { name, type } of db.pragma(`table_info(${table})`) as { name: string; type: string }[]) {
          if (type !== 'TEXT') continue;
          const isJson = ['options', 'data', 'extras'].includes(name);
          const ids = db.prepare(`SELECT rowid FROM ${table}`).pluck().all() as number[];
          for (const [i, id] of ids.entries()) {
            const text = HOSTILE[i % HOSTILE.length]!;
            // The name of a checkpoint is unique.
            const value = isJson
              ? `{"__proto__": {"polluted": true}, ${JSON.stringify(text)}: ${JSON.stringify(ALL)}}`
              : text;
            db.prepare(`UPDATE ${table} SET ${name} = ? WHERE rowid = ?`).run(value, id);
          }
        }
      setFact(db, 'names', [ALL, '__proto__']);
      for (const key of ['stopReason', 'pauseReason', 'host', 'glompo', 'platform', 'status', '__proto__'])
        setFact(db, key, ALL);
    });
    const before = files();
    const [text, json, csv, jsonl, parquet, portable] = (await readAll()) as [
      CliResult,
      CliResult,
      CliResult,
      CliResult,
      CliResult,
      CliResult,
    ];
    for (const { exitCode, stderr } of [text, json, csv, jsonl, parquet, portable])
      expect(exitCode, stderr).toBe(0);
    expect(files()).toEqual(before);
    expect(marked.alive()).toEqual([]);
    // Terminals see no escapes: they are shown as what they are.
    // oxlint-disable-next-line no-control-regex -- that is what it is about
    const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
    for (const { stdout, stderr } of [text, json]) {
      expect(stdout).not.toMatch(controls);
      expect(stderr).not.toMatch(controls);
    }
    expect(text.stdout).toContain('\\u001b[2J');
    expect((JSON.parse(json.stdout) as { stopReason: string }).stopReason).toBe(ALL);
    expect(jsonl.stdout.split('\n')).toHaveLength(EVALUATIONS);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    // The log itself has what it had.
    expect(folder.bytes('portable.sqlite').includes('DROP TABLE evaluations')).toBe(true);
  });

  it('shows no terminal what it says of a mistake', async () => {
    poison((db) => {
      db.prepare('UPDATE checkpoints SET name = ?').run(`${ESCAPES}mark`);
      const { value } = db.prepare(`SELECT value FROM run WHERE key = 'result'`).get() as { value: string };
      setFact(db, 'result', { ...(JSON.parse(value) as object), stopReason: ESCAPES });
    });
    const unknown = await runCli(['resume', 'run', '--at', 'none'], folder.path);
    expect(unknown.exitCode).toBe(2);
    const ended = await runCli(['resume', 'run'], folder.path);
    expect(ended.exitCode).toBe(0);
    for (const { stdout, stderr } of [unknown, ended]) {
      expect(stdout + stderr).toContain('\\u001b[2J');
      // oxlint-disable-next-line no-control-regex -- that is what it is about
      expect(stdout + stderr).not.toMatch(/[\u001b\u009b\u0007\u202e]/);
    }
  });
});
