import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { benchmarkInstance } from '../../src/tasks/benchmark.ts';
import { type CliResult, runCli, startCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';
import { Marked } from '../support/survivors.ts';

const reference = new URL('../../bench/reference/pycma-bbob.json', import.meta.url).pathname;

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
  // A task of its own, its parameters and its end are nothing to a bench.
  folder.write(
    'simplex.yaml',
    `task: { module: nowhere.ts }
parameters: [{ name: a, min: 0, max: 1 }]
constraints: ['a < 0.5']
optimizers: [nelder-mead]
stop: { max-evaluations: 3 }
manager: { backend: threads, timeoutSeconds: 5 }
`,
  );
  folder.write('evolution.yaml', 'optimizers: [{ cma-es: { evaluate: threads } }]\nhunters: none\n');
});
afterEach(() => {
  folder[Symbol.dispose]();
});

const cli = (...args: readonly string[]): Promise<CliResult> => runCli(['bench', ...args], folder.path);

/** Two functions in two instances, 50 evaluations a dimension, and two configurations. */
const small = (into: string, ...more: readonly string[]): readonly string[] => [
  '--suite',
  'bbob',
  '--functions',
  '1,8',
  '--dimensions',
  '5',
  '--instances',
  '1-2',
  '--budget',
  '50',
  '--into',
  folder.at(into),
  ...more,
  folder.at('simplex.yaml'),
  folder.at('evolution.yaml'),
];

const longer = (into: string): readonly string[] => [
  'bench',
  ...small(into, '--seeds', '1-30', '--jobs', '2', '--json'),
];

interface Row {
  readonly name: string;
  readonly function: string;
  readonly instance: number;
  readonly run_seed: number;
  readonly budget: number;
  readonly best: number;
  readonly evaluations: number;
  readonly hits: readonly (number | null)[];
}

/** All that a bench has found, but for times. */
function rowsOf(directory: string): readonly Row[] {
  // Not only to read: of one that was killed the last transaction may be to be rolled back.
  const db = new Database(folder.at(`${directory}/bench.sqlite`), { fileMustExist: true });
  try {
    return db
      .prepare<[], Row & { readonly hits: string }>(
        `SELECT name, function, dimension, instance, seed, run_seed, budget, best, evaluations, hits, stop_reason
         FROM runs JOIN configurations USING (configuration) ORDER BY name, dimension, function, instance, seed`,
      )
      .all()
      .map((row) => ({ ...row, hits: JSON.parse(row.hits as unknown as string) as Row['hits'] }));
  } finally {
    db.close();
  }
}

describe('glompo bench', () => {
  it('runs configurations over problems, and runs nothing twice', async () => {
    const first = await cli(...small('once', '--jobs', '1', '--json'));
    expect(first.exitCode).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({ runs: { done: 8, all: 8, failed: 0 } });
    const rows = rowsOf('once');
    expect(rows.map(({ name, function: id, instance }) => `${name} ${id} ${instance}`)).toEqual(
      ['evolution', 'simplex'].flatMap((name) => ['1 1', '1 2', '8 1', '8 2'].map((key) => `${name} ${key}`)),
    );
    for (const { best, evaluations, hits, budget } of rows) {
      expect(budget).toBe(250);
      expect(evaluations).toBe(hits.at(-1) ?? budget);
      expect(hits.filter((hit) => hit !== null)).toHaveLength(
        hits.filter((_, k) => best <= 10 ** (2 - 0.2 * k)).length,
      );
    }
    const again = await cli(...small('once', '--json'));
    expect(JSON.parse(again.stdout)).toMatchObject({ runs: { done: 8, all: 8 }, evaluations: 0 });
    // More of the same goes with what is there, and the same comes of it however many run at once.
    const more = await cli(...small('once', '--seeds', '1-2', '--json'));
    expect(JSON.parse(more.stdout)).toMatchObject({ runs: { done: 16, all: 16 } });
    await cli(...small('twice', '--jobs', '2', '--seeds', '1-2'));
    expect(rowsOf('twice')).toEqual(rowsOf('once'));
  });

  it('has in its rows what a run of its own has in its log', async () => {
    await cli(...small('once'));
    for (const row of rowsOf('once').filter(({ function: id }) => id === '8')) {
      const sets = [
        `task={ benchmark: bbob, function: 8, dimension: 5, instance: ${row.instance} }`,
        'parameters=null',
        'constraints=[]',
        'stop.max-evaluations=250',
        'manager={ maxJobs: 1, backend: threads, reproducible: true, containment: none }',
      ];
      const dir = folder.at(`${row.name}-${row.instance}`);
      const args = ['run', folder.at(`${row.name}.yaml`), '--dir', dir, '--seed', String(row.run_seed)];
      expect(await runCli([...args, ...sets.flatMap((set) => ['--set', set])], folder.path)).toMatchObject({
        exitCode: 0,
      });
      const values = query<{ fx: number }>(dir, 'SELECT fx FROM evaluations ORDER BY call_id').map(
        ({ fx }) => fx,
      );
      const options = { function: 8, dimension: 5, instance: row.instance };
      const { fx: optimum } = benchmarkInstance({ kind: 'benchmark', name: 'bbob', options }).minimum!;
      expect(values).toHaveLength(250);
      expect(Math.min(...values) - optimum).toBe(row.best);
      expect(row.hits).toEqual(
        row.hits.map((_, k) => {
          const hit = 1 + values.findIndex((fx) => fx - optimum <= 10 ** (2 - 0.2 * k));
          return hit > 0 ? hit : null;
        }),
      );
    }
  });

  it('counts a call with a gradient as so many evaluations', async () => {
    folder.write('descents.yaml', 'optimizers: [l-bfgs-b]\nhunters: none');
    // The seventh atom leads no descent of these few to the least energy.
    const args = ['--suite', 'lennard-jones', '--functions', '7', '--evaluations', '101', '--seeds', '1-2'];
    const run = (into: string, ...more: readonly string[]): Promise<CliResult> =>
      cli(...args, '--into', folder.at(into), ...more, folder.at('descents.yaml'));
    await run('single');
    expect((await run('double', '--gradient-cost', '2')).exitCode).toBe(0);
    const [single, double] = [rowsOf('single'), rowsOf('double')];
    expect(single.map(({ evaluations }) => evaluations)).toEqual([101, 101]);
    for (const [i, { evaluations, budget, hits }] of double.entries()) {
      // It has no use for half a call.
      expect([evaluations, budget]).toEqual([101, 101]);
      // The same calls, each of them twice as dear.
      const before = single[i]!.hits.filter((hit) => hit !== null && 2 * hit <= 100);
      expect(hits.filter((hit) => hit !== null)).toEqual(before.map((hit) => 2 * hit!));
    }
    const other = await run('double', '--gradient-cost', '3');
    expect([other.exitCode, other.stderr]).toEqual([2, expect.stringContaining('choose another directory')]);
  });

  it('ends on Ctrl-C, and goes on where it was', async () => {
    using marked = new Marked();
    const live = startCli(longer('broken'), folder.path);
    live.stderr.on('data', (chunk: Buffer) => {
      if (/^(2[4-9]|[3-9]\d|1\d\d) of 240/m.test(String(chunk))) live.kill('SIGINT');
    });
    const { exitCode, stdout, stderr } = await live;
    expect([exitCode, stderr]).toEqual([130, expect.stringMatching(/SIGINT[^]*runs are left/)]);
    const { runs } = JSON.parse(stdout) as { readonly runs: { readonly done: number; readonly all: number } };
    expect(runs.done).toBeLessThan(240);
    expect(rowsOf('broken')).toHaveLength(runs.done);
    expect(await marked.gone(2000)).toEqual([]);
    expect((await runCli(longer('broken'), folder.path)).exitCode).toBe(0);
    await runCli(longer('whole'), folder.path);
    expect(rowsOf('broken')).toEqual(rowsOf('whole'));
  });

  it('leaves nothing behind when it is killed, and keeps what was done', async () => {
    using marked = new Marked();
    const live = startCli(['bench', ...small('killed', '--seeds', '1-30')], folder.path);
    live.stderr.on('data', (chunk: Buffer) => {
      if (/^(2[4-9]|[3-9]\d|1\d\d) of 240/m.test(String(chunk))) live.kill('SIGKILL');
    });
    await live;
    expect(await marked.gone(2000)).toEqual([]);
    const before = rowsOf('killed').length;
    expect(before).toBeGreaterThanOrEqual(24);
    const { stdout } = await cli(...small('killed', '--seeds', '1-30', '--json'));
    expect(JSON.parse(stdout)).toMatchObject({ runs: { done: 240, all: 240 } });
  });

  it('runs the defaults without a configuration, and tells which runs failed', async () => {
    const args = ['--suite', 'lennard-jones', '--functions', '3', '--into', folder.at('lj'), '--budget', '5'];
    expect((await cli(...args)).exitCode).toBe(0);
    expect(rowsOf('lj')).toMatchObject([{ name: 'default', function: '3', budget: 45 }]);
    folder.write('fit.yaml', 'optimizers: [levenberg-marquardt]');
    const { exitCode, stderr, stdout } = await cli(...args, folder.at('fit.yaml'), '--json');
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([1, { runs: { done: 0, all: 1, failed: 1 } }]);
    expect(stderr).toMatch(/failed: fit on .*"atoms":3.*residuals/);
  });

  it.each([
    [['--suite', 'bob', '--into', 'd'], /unknown suite bob; did you mean bbob\?/],
    [['--into', 'd'], /expected --suite .* and --into DIR/],
    [['--suite', 'bbob', '--functions', '25', '--into', 'd'], /--functions: the suite bbob has no 25/],
    [['--suite', 'bbob', '--dimensions', '1', '--into', 'd'], /--dimensions: .* has no 1; it has 2 to 40/],
    [['--suite', 'nist', '--instances', '2', '--into', 'd'], /--instances: the suite nist has no 2/],
    [
      ['--suite', 'nist', '--functions', 'Misra1a', '--dimensions', '4', '--into', 'd'],
      /none of these functions/,
    ],
    [['--suite', 'bbob', '--functions', '5-1', '--into', 'd'], /expected a range .* got 5-1/],
    [['--suite', 'bbob', '--budget', '0', '--into', 'd'], /expected a whole number, 1 or more, got 0/],
    [['--suite', 'bbob', '--budget', '1', '--evaluations', '1', '--into', 'd'], /got both/],
    [['--suite', 'bbob', '--into', 'd', 'wrong.yaml'], /wrong.yaml:2:23 .*sigma0: expected/],
    [['--suite', 'bbob', '--into', 'd', 'a/x.yaml', 'b/x.yaml'], /two configurations are called x/],
  ])('refuses %j', async (args, message) => {
    folder.write('wrong.yaml', 'optimizers:\n  - cma-es: { sigma0: 7 }');
    for (const where of ['a', 'b']) folder.write(`${where}/x.yaml`, '{}');
    const { exitCode, stderr } = await cli(...args);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(existsSync(folder.at('d'))).toBe(false);
  });

  it('refuses to mix suites and budgets, and files that are none', async () => {
    await cli(...small('once'));
    const other = await cli(
      '--suite',
      'bbob',
      '--functions',
      '1',
      '--into',
      folder.at('once'),
      '--budget',
      '60',
    );
    expect([other.exitCode, other.stderr]).toEqual([2, expect.stringContaining('choose another directory')]);
    folder.write(
      'foreign/bench.sqlite',
      'not a database, but long enough to have been one, once upon a time'.repeat(9),
    );
    const foreign = await cli('--suite', 'nist', '--into', folder.at('foreign'));
    expect([foreign.exitCode, foreign.stderr]).toEqual([2, expect.stringContaining('cannot use')]);
    folder.made('someone');
    const db = new Database(folder.at('someone/bench.sqlite'));
    db.exec('CREATE TABLE mine (x)');
    db.close();
    const someone = await cli('--suite', 'nist', '--into', folder.at('someone'));
    expect([someone.exitCode, someone.stderr]).toEqual([
      2,
      expect.stringContaining('not written by glompo bench'),
    ]);
  });
});

describe('glompo bench report', () => {
  it('tells where a selector does not go with the optimizers, and does nothing', async () => {
    folder.write('chain.yaml', 'optimizers: { selector: { chain: [5] }, use: [random, sobol, grid] }\n');
    const args = ['--suite', 'classic', '--into', 'out', 'chain.yaml'];
    const { exitCode, stderr } = await cli(...args);
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      'chain.yaml:1:34 optimizers.selector.chain: chain needs one threshold fewer than there are optimizer types: 2, got 1',
    );
    expect(existsSync(folder.at('out'))).toBe(false);
  });

  it('tells the figures of the reference results', async () => {
    const { exitCode, stdout } = await cli('report', '--reference', reference, '--json');
    expect(exitCode).toBe(0);
    const { sections } = JSON.parse(stdout) as {
      readonly sections: readonly { groups: { group: string; share: number }[] }[];
    };
    const shares = (group: string): readonly string[] =>
      sections.map(({ groups }) => groups.find((one) => one.group === group)!.share.toFixed(3));
    expect(shares('all')).toEqual(['0.668', '0.608', '0.549']);
    expect(shares('without f3, f4')).toEqual(['0.715', '0.652', '0.592']);
  });

  it('tells what the rows of the bench say, beside a reference', async () => {
    await cli(...small('once', '--seeds', '1-2'));
    const svg = folder.at('plot.svg');
    const html = folder.at('page.html');
    const args = ['report', folder.at('once'), '--reference', reference];
    const { stdout } = await cli(...args, '--json', '--svg', svg, '--html', html);
    const { sections, entrants } = JSON.parse(stdout) as {
      readonly entrants: readonly { readonly name: string; readonly runs: number }[];
      readonly sections: readonly {
        readonly dimension: number;
        readonly budget: number;
        readonly groups: readonly Record<string, unknown>[];
        readonly runningTimes: readonly Record<string, unknown>[];
        readonly comparisons: readonly Record<string, unknown>[];
      }[];
    };
    expect(entrants.map(({ name, runs }) => [name, runs])).toEqual([
      ['evolution', 8],
      ['simplex', 8],
      ['pycma-bbob', 4],
    ]);
    // The reference had 5000 evaluations; only what it reached in 250 counts.
    const [section] = sections;
    expect(sections).toHaveLength(1);
    expect([section!.dimension, section!.budget]).toEqual([5, 250]);
    const rows = rowsOf('once').filter(({ name }) => name === 'simplex');
    const hits = rows.flatMap((row) => row.hits);
    const group = section!.groups.find(
      ({ group: name, entrant }) => name === 'all' && entrant === 'simplex',
    )!;
    expect(group).toMatchObject({
      problems: 4,
      share: expect.closeTo(hits.filter((hit) => hit !== null).length / (8 * 51), 12),
      area: expect.closeTo(
        hits.reduce<number>((sum, hit) => sum + (hit === null ? 0 : 1 - Math.log(hit) / Math.log(250)), 0) /
          (8 * 51),
        12,
      ),
    });
    // 0.1, on the sphere.
    const sphere = rows.filter((row) => row.function === '1');
    const successes = sphere.filter((row) => row.hits[15] !== null).length;
    const spent = sphere.reduce((sum, row) => sum + (row.hits[15] ?? row.evaluations), 0);
    const times = section!.runningTimes.find(
      ({ function: name, entrant }) => name === '1' && entrant === 'simplex',
    )!;
    expect((times['targets'] as readonly unknown[])[2]).toEqual({
      target: 0.1,
      evaluations: successes === 0 ? null : expect.closeTo(spent / successes, 9),
      successes,
    });
    expect(section!.comparisons.map(({ one, other, problems }) => [one, other, problems])).toEqual([
      ['evolution', 'simplex', 4],
      ['evolution', 'pycma-bbob', 4],
      ['simplex', 'pycma-bbob', 4],
    ]);
    expect(folder.read('plot.svg').match(/<g /g)).toHaveLength(1);
    expect(folder.read('page.html')).toContain('expected running time');
    const text = await cli(...args, '--running-times');
    expect(text.stdout).toMatch(/bbob, 5-D, 250 evaluations[^]*all {13}simplex[^]*expected running time/);
    expect((await cli(...args, '--json')).stdout).toBe(stdout);
  });

  it.each([
    [['nowhere'], /nowhere holds no bench/],
    [[], /expected the directory of a bench, --reference FILE, or both/],
    [['--reference', 'nowhere.json'], /nowhere.json is no reference file: ENOENT/],
    [['--reference', 'text.json'], /text.json is no reference file: Unexpected token/],
    [['--reference', 'rows.json'], /rows\[1\]: expected 51 hits/],
    [['--reference', 'head.json'], /budgetPerDimension: expected a whole number, got "many"/],
    [['--reference', 'nist.json', '--reference', reference], /is of the suite bbob, not of nist/],
    [['--reference', reference, '--svg', 'no/such/folder.svg'], /cannot write no\/such\/folder.svg/],
  ])('refuses %j', async (args, message) => {
    const hits = Array.from({ length: 51 }, () => null);
    const rows = [[1, 5, 1, 0.1, 100, hits]];
    const write = (name: string, content: object): string => folder.write(name, JSON.stringify(content));
    folder.write('text.json', 'about');
    write('rows.json', { about: '', budgetPerDimension: 1, rows: [...rows, [1, 5, 1, 0.1, 100, [2, 1]]] });
    write('head.json', { about: '', budgetPerDimension: 'many', rows });
    write('nist.json', { about: '', suite: 'nist', budgetPerDimension: 1, rows });
    const { exitCode, stderr } = await cli('report', ...args);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
