import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Cell, Table } from '../../bench/harness/benchmark.ts';
import { changesOf, comparison } from '../../bench/harness/compare.ts';
import { interleaved, measured } from '../../bench/harness/measure.ts';
import { number, tableText } from '../../bench/harness/render.ts';
import type { Result } from '../../bench/harness/results.ts';
import { benchmarks } from '../../bench/speed/registry.ts';
import { Folder } from '../support/folder.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

function table(...rows: readonly (readonly Cell[])[]): Table {
  return {
    title: 'Cost',
    columns: [{ name: 'what' }, { name: 'cost', unit: 'µs', better: 'lower' }, { name: 'share' }],
    rows,
  };
}

function resultOf(commit: string, ...tables: readonly Table[]): Result {
  return {
    benchmark: 'demo',
    title: 'A demo',
    date: '2026-01-02T03:04:05.000Z',
    machine: { cpu: 'a cpu', cores: 2, memoryGB: 4, system: 'Linux 6', load: 0 },
    versions: { glompo: '1.0.0', commit },
    isQuick: false,
    seconds: 1,
    tables,
    notes: [],
  };
}

function verdict(was: Cell, is: Cell): string {
  return changesOf(resultOf('', table(['a', was, null])), resultOf('', table(['a', is, null])))[0]!.verdict;
}

describe('a comparison of results', () => {
  it('finds figures again by the texts of their rows, and says which changed for the better', () => {
    const before = resultOf('old', table(['a', 2, 1], ['b', 3, 1], ['gone', 1, 1]));
    const after = resultOf('new', table(['b', 6, 2], ['a', 1, 2], ['fresh', 1, 1]));
    expect(changesOf(before, after)).toEqual([
      { what: 'Cost: b: cost, µs', before: 3, after: 6, verdict: 'worse' },
      { what: 'Cost: b: share', before: 1, after: 2, verdict: 'as measured' },
      { what: 'Cost: a: cost, µs', before: 2, after: 1, verdict: 'better' },
      { what: 'Cost: a: share', before: 1, after: 2, verdict: 'as measured' },
    ]);
  });

  it('takes no difference for a change that rounds of the same state have among themselves', () => {
    const [slow, fast, faster] = [measured([5, 6, 9]), measured([3, 4, 5]), measured([2, 3, 4])];
    expect(verdict(slow, fast)).toBe('within the spread');
    expect(verdict(slow, faster)).toBe('better');
    expect(verdict(faster, slow)).toBe('worse');
  });

  it('leaves out what one of them has not measured, and tells when the machine is another one', () => {
    const before = resultOf('old', table(['a', null, 1]));
    const after = { ...resultOf('new', table(['a', 1, 1])), machine: { ...before.machine, cores: 8 } };
    const { rows, notes } = comparison(before, after);
    expect(rows).toEqual([['Cost: a: share', 1, 1, 1, 'as measured']]);
    expect(notes).toEqual([expect.stringContaining('different machines')]);
  });
});

it('measures several things in turn', async () => {
  const order: string[] = [];
  const thing = (name: string, figures: number[]) => (): number => {
    order.push(name);
    return figures.shift()!;
  };
  const found = await interleaved(3, {
    a: thing('a', [3, 1, 2]),
    none: () => undefined,
    b: thing('b', [4, 6, 5]),
  });
  expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
  expect(found).toEqual({
    a: { median: 2, least: 1, greatest: 3 },
    none: null,
    b: { median: 5, least: 4, greatest: 6 },
  });
});

it('writes figures with as many digits as count', () => {
  expect([0.01234, 1.234, 12.34, 123.4, 1234567].map(number)).toEqual([
    '0.0123',
    '1.23',
    '12.3',
    '123',
    '1,234,567',
  ]);
  expect(tableText(table(['a', measured([1, 2, 4]), 0.5], ['b', null, measured([2])]))).toBe(
    [
      '## Cost',
      '',
      '| what |   cost, µs | share |',
      '| ---- | ---------: | ----: |',
      '| a    | 2 (1 to 4) | 0.500 |',
      '| b    |          – |     2 |',
      '',
    ].join('\n'),
  );
});

const run = (...args: readonly string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, ['bench/run.ts', ...args], { cwd: root, encoding: 'utf8' });

describe('the command', () => {
  it('lists what there is, each in a file of its name', () => {
    const listed = run('--list').stdout.trim().split('\n');
    expect(listed).toHaveLength(benchmarks.size);
    for (const name of benchmarks.keys())
      expect(existsSync(path.join(root, 'bench', 'speed', `${name}.ts`)), name).toBe(true);
  });

  it('refuses a name that it does not know with those that it does', () => {
    const { status, stderr } = run('levles');
    expect(status).toBe(2);
    expect(stderr).toContain('there is no benchmark levles; there are managed-rate, ');
  });

  it('compares what stands in bench/results with an older result, without measuring', () => {
    using folder = new Folder();
    const now = JSON.parse(readFileSync(path.join(root, 'bench/results/cma-es.json'), 'utf8')) as Result;
    const old = folder.at('old.json');
    writeFileSync(old, JSON.stringify([now]));
    const { status, stdout } = run('--no-run', '--compare', old);
    expect(status).toBe(0);
    expect(stdout).toContain('within the spread');
    expect(stdout).not.toMatch(/\| (?:better|worse) +\|/);
  });

  it('says what is no result', () => {
    using folder = new Folder();
    folder.write('not.json', '{}');
    const { status, stderr } = run('--compare', folder.at('not.json'));
    expect(status).toBe(2);
    expect(stderr).toContain('not.json is no result of `npm run bench`');
  });

  it.skipIf(!existsSync(path.join(root, 'dist', 'index.js')))(
    'measures: a table on standard output, and a file with machine, versions and date where one is asked for',
    () => {
      using folder = new Folder();
      const before = readdirSync(path.join(root, 'bench', 'results'));
      const out = folder.at('out.json');
      const stdout = execFileSync(
        process.execPath,
        ['bench/run.ts', 'managed-rate', '--quick', '--out', out],
        {
          cwd: root,
          encoding: 'utf8',
          // As on a machine without any peer.
          env: { ...process.env, PATH: path.dirname(process.execPath) },
          stdio: ['ignore', 'pipe', 'ignore'],
        },
      );
      expect(stdout).toMatch(/\| glompo, threads +\|/);
      expect(stdout).toMatch(/pagmo2 is left out: it needs g\+\+ libpagmo-dev/);
      const [result] = JSON.parse(readFileSync(out, 'utf8')) as [Result];
      expect(result).toMatchObject({ benchmark: 'managed-rate', isQuick: true });
      expect(result.versions['node']).toBe(process.versions.node);
      expect(Date.parse(result.date)).toBeGreaterThan(0);
      expect(result.machine.cores).toBeGreaterThan(0);
      expect(readdirSync(path.join(root, 'bench', 'results'))).toEqual(before);
    },
  );
});

describe('results that are kept', () => {
  const files = readdirSync(path.join(root, 'bench', 'results')).filter((file) => file.endsWith('.json'));

  it.each(files)('%s is of a benchmark that there is, with its page', (file) => {
    const { benchmark, isQuick } = JSON.parse(
      readFileSync(path.join(root, 'bench', 'results', file), 'utf8'),
    ) as Result;
    expect(`${benchmark}.json`).toBe(file);
    expect(benchmarks.has(benchmark)).toBe(true);
    expect(isQuick).toBe(false);
    expect(existsSync(path.join(root, 'bench', `${benchmark}.md`))).toBe(true);
  });
});
