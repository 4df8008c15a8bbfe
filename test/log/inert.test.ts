import { existsSync, readdirSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterEach, assert, beforeEach, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { Folder } from '../support/folder.ts';

/** What a text of a log may be written to do when it is read carelessly. */
const HOSTILE = [
  `'; DROP TABLE evaluations; --`,
  '$(touch HARM)`touch HARM`',
  '../../HARM',
  '__proto__',
  '<script>alert(1)</script>',
  '=cmd|HARM',
  '\u001B]0;title\u0007\u001B[2J',
] as const;

let folder: Folder;
beforeEach(async () => {
  folder = new Folder();
  folder.write(
    'harm.mjs',
    `import { writeFileSync } from 'node:fs';
    writeFileSync(new URL('HARM', import.meta.url), '');
    export default () => 1;`,
  );
  folder.write(
    'c.yaml',
    'task: { benchmark: sphere, dimension: 2 }\nstop: { max-evaluations: 40 }\nmanager: { maxJobs: 1, backend: inline, containment: none, seed: 1 }\n',
  );
  const { exitCode, stderr } = await runCli(['run', 'c.yaml', '--dir', 'run'], folder.path);
  assert(exitCode === 0, stderr);
});
afterEach(() => {
  folder[Symbol.dispose]();
});

function poison(change: (db: Database.Database) => void): void {
  const db = new Database(folder.at('run/run.sqlite'));
  change(db);
  db.close();
}

/** @returns files that are there and should not be */
async function openEverywhere(): Promise<readonly string[]> {
  const before = readFileSync(folder.at('run/run.sqlite'));
  const commands = [
    ['status', 'run'],
    ['status', 'run', '--json'],
    ...['csv', 'jsonl', 'parquet'].map((format) => [
      'export',
      'run',
      '--format',
      format,
      '--output',
      `out.${format}`,
    ]),
    ['checkpoint', 'run', '--portable', 'portable.sqlite'],
  ];
  for (const command of commands) {
    const { exitCode, stdout, stderr } = await runCli(command, folder.path);
    // It may be refused, in one line; but nothing happens.
    if (exitCode !== 0) expect(stderr.trim().split('\n'), command.join(' ')).toHaveLength(1);
    expect(stdout, command.join(' ')).not.toContain('\u001B]0;title');
  }
  expect(readFileSync(folder.at('run/run.sqlite'))).toEqual(before);
  expect(existsSync(folder.at('HARM'))).toBe(false);
  const known = /^(harm\.mjs|c\.yaml|run|out\.(csv|jsonl|parquet)|portable\.sqlite)$/;
  expect(({} as Record<string, unknown>)['HARM']).toBeUndefined();
  return readdirSync(folder.path).filter((name) => !known.test(name));
}

it.each(HOSTILE)('a log with %j in every text column does nothing when it is opened', async (text) => {
  poison((db) => {
    const tables = db
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .pluck()
      .all();
    for (const table of tables) {
      const columns = db.prepare<[], { name: string; type: string }>(`PRAGMA table_info(${table})`).all();
      for (const { name, type } of columns) {
        // What is JSON stays JSON, and what names a fact stays its name.
        if (type !== 'TEXT' || ['key', 'value', 'data', 'options', 'extras'].includes(name)) continue;
        if (name === 'status' && table === 'evaluations') continue;
        db.prepare(`UPDATE ${table} SET ${name} = ?`).run(text);
      }
    }
    db.prepare("UPDATE run SET value = ? WHERE key IN ('stopReason', 'pauseReason', 'host')").run(
      JSON.stringify(text),
    );
    db.prepare("UPDATE run SET value = ? WHERE key = 'names'").run(JSON.stringify([text, `${text}2`]));
    db.prepare('UPDATE evaluations SET extras = ? WHERE call_id = 1').run(JSON.stringify({ [text]: text }));
  });
  expect(await openEverywhere()).toEqual([]);
});

it('a log whose configuration names a module that does harm does nothing when it is opened', async () => {
  poison((db) => {
    const config = {
      task: { module: folder.at('harm.mjs') },
      plugins: [folder.at('harm.mjs')],
      parameters: [],
    };
    db.prepare("UPDATE run SET value = ? WHERE key = 'config'").run(JSON.stringify(config));
  });
  expect(await openEverywhere()).toEqual([]);
});
