import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/log/figures.ts';
import { GloMPOManager } from '../../src/manager/manager.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

const docs = read('docs/log.md');
const sections = new Map(
  docs.split(/^### `/m).map((section) => [section.slice(0, section.indexOf('`')), section]),
);
const queries = [...docs.matchAll(/```sql\n-- (.*)\n([^]*?)```/g)].map((match) => ({
  title: match[1]!,
  sql: match[2]!,
}));

type Row = Readonly<Record<string, number | string | null>>;

let folder: Folder;
let result: RunResult;

/** Rows of the query whose title begins so. */
function rowsOf(title: string): readonly Row[] {
  const found = queries.find((one) => one.title.startsWith(title));
  return query<Row>(folder.at('run'), found!.sql);
}

const sum = (rows: readonly Row[], column: string): number =>
  rows.reduce((total, row) => total + Number(row[column]), 0);

beforeAll(async () => {
  folder = new Folder();
  folder.write(
    'task.mjs',
    `export default async ([a, b], { candidateId }) => {
      await null;
      if (candidateId % 50 === 0) throw new Error('now and then');
      return { value: (a * a - 1) ** 2 + b * b, extras: { b } };
    };`,
  );
  await using manager = new GloMPOManager({
    task: { module: 'task.mjs' },
    baseDir: folder.path,
    parameters: ['a', 'b'].map((name) => ({ name, min: -4, max: 4 })),
    optimizers: ['nelder-mead', 'cma-es', 'random'],
    hunters: { 'min-evaluations': { calls: 150 } },
    stop: { 'max-evaluations': 2000 },
    manager: {
      backend: 'inline',
      containment: 'none',
      maxJobs: 3,
      huntFrequency: 100,
      shareBest: true,
      seed: 3,
    },
    dir: folder.at('run'),
  });
  manager.events$.subscribe(({ type }) => {
    if (type !== 'hunt') return;
    manager.pause('for a moment');
    manager.unpause('at once');
  });
  result = await manager.start();
});
afterAll(() => {
  folder[Symbol.dispose]();
});

describe('docs/log.md', () => {
  it('names every table, every column and every fact', () => {
    const tables = query<{ name: string }>(
      folder.at('run'),
      "SELECT name FROM sqlite_schema WHERE type = 'table'",
    );
    expect(tables).toHaveLength(9);
    for (const { name } of tables) {
      const columns = query<{ name: string }>(folder.at('run'), `PRAGMA table_info(${name})`);
      for (const column of columns) expect(sections.get(name), name).toContain(`\`${column.name}\``);
    }
    for (const { key } of query<{ key: string }>(folder.at('run'), 'SELECT key FROM run'))
      expect(sections.get('run')).toContain(`\`${key}\``);
  });

  it('names every type of event that there is', () => {
    const source = read('src/manager/events.ts');
    const described = source.slice(source.indexOf('ManagerEvent ='), source.indexOf('interface Described'));
    const types = [...described.matchAll(/'([a-z-]+)'/g)]
      .map(([, type]) => type!)
      .filter((type) => !['decision', 'operational', 'status', 'itself', 'hand', 'failure'].includes(type));
    expect(types.length).toBeGreaterThan(15);
    for (const type of types) expect(sections.get('events')).toContain(`\`${type}\``);
  });

  it.each(queries)('has a query that gives rows: $title', ({ sql }) => {
    const rows = query<Row>(folder.at('run'), sql);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(Object.values(row).some((value) => value !== null)).toBe(true);
  });

  it('has queries that agree with what the run said', () => {
    expect(queries.length).toBeGreaterThanOrEqual(10);
    expect(rowsOf('The best evaluation')).toMatchObject([{ fx: result.fx }]);
    const curve = rowsOf('How the best value fell').map(({ fx }) => Number(fx));
    expect(curve).toEqual([...new Set(curve)].toSorted((a, b) => b - a));
    expect(curve.at(-1)).toBe(result.fx);
    const types = rowsOf('What each type');
    expect(sum(types, 'evaluations')).toBe(2000);
    expect(sum(types, 'optimizers')).toBe(result.optimizers.started);
    expect(sum(types, 'killed')).toBe(result.optimizers.killed);
    expect(rowsOf('Who was killed')).toHaveLength(result.optimizers.killed);
    expect(rowsOf('What went wrong')[0]).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('now and then') as string,
    });
    expect(sum(rowsOf('How long'), 'evaluations')).toBe(2000);
    expect(sum(rowsOf('Evaluations a minute'), 'evaluations')).toBe(2000);
    expect(rowsOf('The separate minima')[0]).toMatchObject({ fx: result.fx, x: JSON.stringify(result.x) });
    expect(rowsOf('What the task returned')).toHaveLength(10);
  });
});
