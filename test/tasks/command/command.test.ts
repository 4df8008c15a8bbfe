import { chmodSync, existsSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Marked } from '../../support/survivors.ts';
import { Bench, sh } from './support.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench[Symbol.asyncDispose]());

describe('what a program is given', () => {
  it('its point in its arguments, which no shell interprets', async () => {
    const names = ['a b', "it's", '$(touch owned)', '`touch owned`', 'new\nline', '"; touch owned; "'];
    const command = [
      'printf',
      '%s\n',
      ...names.map((name) => `{${name}}`),
      '$(touch owned)',
      '`touch owned`',
      '9',
    ];
    await bench.load({ command }, names);
    expect(await bench.evaluate([1, 0.1, -0, 1e-300, 5e-324, 6])).toMatchObject({ status: 'ok', fx: 9 });
    expect(bench.printed.out.split('\n')).toEqual([
      '1',
      '0.1',
      '-0',
      '1e-300',
      '5e-324',
      '6',
      '$(touch owned)',
      '`touch owned`',
      '9',
      '',
    ]);
    expect(readdirSync(bench.folder.path)).toEqual([]);
  });

  it('the same as one line of JSON, every bit of it', async () => {
    await bench.load({ command: sh('cat > got; echo 1'), stdin: 'json' }, ['a', 'b"\n$']);
    const values = fc.sample(fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true })), {
      numRuns: 20,
      seed: 1,
    });
    for (const x of [[-0, 5e-324] as const, ...values.filter((pair) => pair.every(Number.isFinite))]) {
      await bench.evaluate(x, { candidate: 42, cutoff: 5 });
      const got = JSON.parse(bench.folder.read('got')) as {
        readonly x: readonly number[];
        readonly seed: number;
      };
      expect(got.x).toStrictEqual([...x]);
      expect(got).toStrictEqual({
        x: [...x],
        parameters: { a: x[0], 'b"\n$': x[1] },
        seed: got.seed,
        optimizer: 1,
        candidate: 42,
        wantsGradient: false,
        cutoff: 5,
      });
    }
  });

  it('as environment variables, beside those that are passed on', async () => {
    process.env['GLOMPO_TEST_SECRET'] = 'secret';
    process.env['GLOMPO_TEST_OPEN'] = 'open';
    try {
      await bench.load({
        command: ['env'],
        read: { pattern: '^A=(.*)' },
        environment: { pass: ['GLOMPO_TEST_O*'], set: { A: '{a:%.2f}', B_b: 'x{b}' } },
      });
      expect(await bench.evaluate([1, 2], { candidate: 42, cutoff: 1.5 })).toMatchObject({ fx: 1 });
      const lines = bench.printed.out.split('\n');
      expect(lines).toEqual(expect.arrayContaining(['A=1.00', 'B_b=x2', 'GLOMPO_TEST_OPEN=open']));
      expect(lines).toEqual(
        expect.arrayContaining(['GLOMPO_CANDIDATE=42', 'GLOMPO_OPTIMIZER=1', 'GLOMPO_CUTOFF=1.5']),
      );
      expect(lines.filter((line) => line.startsWith('PATH='))).toHaveLength(1);
      expect(bench.printed.out).not.toContain('secret');
    } finally {
      delete process.env['GLOMPO_TEST_SECRET'];
      delete process.env['GLOMPO_TEST_OPEN'];
    }
  });

  it('files made of templates, in a directory of its own, with what is copied and linked into it', async () => {
    bench.folder.write('model.tpl', 'k = {{a:%8.3f}}\nset = {x}\n');
    bench.folder.write('run.tpl', '#!/bin/sh\ncat sub/model.in mesh/points table.dat\necho {{b}}\n');
    chmodSync(bench.folder.at('run.tpl'), 0o755);
    bench.folder.write('mesh/points', 'mesh\n');
    bench.folder.write('table.dat', 'table\n');
    await bench.load({
      command: sh('./run; test -L table.dat; echo $?'),
      templates: { 'sub/model.in': 'model.tpl', run: 'run.tpl' },
      workDirectory: { copy: ['mesh'], link: ['table.dat'], keep: 'all' },
    });
    expect(await bench.evaluate([1, 2])).toMatchObject({ fx: 0 });
    expect(bench.printed.out).toBe('k =    1.000\nset = {x}\nmesh\ntable\n2\n0\n');
    const directory = 'work/optimizer-0001/candidate-000007';
    expect(bench.folder.read(`${directory}/sub/model.in`)).toBe('k =    1.000\nset = {x}\n');
    // What an earlier try left is gone.
    bench.folder.write(`${directory}/left`, '');
    await bench.evaluate([1, 2]);
    expect(bench.folder.has(`${directory}/left`)).toBe(false);
  });

  it('a text for a shell only if that is said', async () => {
    await bench.load({
      command: 'echo "$((1 + 1))" | tee out >/dev/null; cat out; test {a} = 1 && echo 5',
      shell: true,
    });
    expect(await bench.evaluate()).toMatchObject({ fx: 5 });
  });
});

describe('where its value is', () => {
  it.each([
    ['echo "warning 1"; echo "loss 2.5 after 3s"', undefined, { fx: 2.5 }],
    ['echo 1; echo 2; echo done', 'last-number', { fx: 2 }],
    ['echo "a=1 b=2"; echo "a=3 b=4"', { pattern: 'a=(\\S+)' }, { fx: 3 }],
    ['echo "1 2 3"', { residuals: 'numbers' }, { fx: 14, extras: { residuals: [1, 2, 3] } }],
    [
      'echo log; echo \'{"loss": {"all": [7, 8]}, "n": 3, "name": "x"}\'',
      {
        value: { json: 'loss.all[1]' },
        extras: { n: { json: 'n' }, name: { json: 'name' }, all: { json: 'loss' } },
      },
      { fx: 8, extras: { n: 3, name: 'x', all: { all: [7, 8] } } },
    ],
    [
      'echo 5 > out; echo 1 2 > g',
      { value: { 'last-number': 'out' }, gradient: { numbers: 'g' } },
      { fx: 5 },
    ],
    [
      'echo \'{"v": 2, "f": 3}\' > o.json',
      { value: { json: 'f', file: 'o.json' }, violation: { json: 'v', file: 'o.json' } },
      { fx: 3, violation: 2 },
    ],
    [
      'echo 3 4 > a; echo 12 > b',
      { residuals: { near: { numbers: 'a' }, far: { numbers: 'b' } } },
      { fx: 169, extras: { residuals: { near: [3, 4], far: [12] } } },
    ],
  ])('%s', async (script, read, expected) => {
    await bench.load({ command: sh(script), ...(read === undefined ? {} : { read }) });
    expect(await bench.evaluate()).toEqual({ status: 'ok', ...expected });
  });

  it('with its gradient, for who can use it', async () => {
    await bench.load({ command: sh('echo 5; echo 1 2 > g'), read: { gradient: { numbers: 'g' } } });
    expect(await bench.evaluate([1, 2], { wantsGradient: true })).toMatchObject({
      extras: { gradient: [1, 2] },
    });
  });
});

describe('a program that misbehaves', () => {
  it.each([
    ['exit 3', 'its process ended with exit code 3'],
    ['echo why >&2; exit 3', 'its process ended with exit code 3; its standard error ends: why'],
    ['kill -SEGV $$', 'its process was ended by SIGSEGV'],
    [':', 'value: there is no number in its output, which is empty'],
    ['echo some words', 'value: there is no number in its output, which ends: some words'],
    ['echo NaN', 'task returned value NaN'],
    ['echo inf', 'task returned value Infinity'],
    ["printf '\\377\\376\\000'", 'value: there is no number in its output'],
    ['exec /bin/nowhere', 'exit code 127; its standard error ends:'],
  ])('%s', async (script, error) => {
    await bench.load({ command: sh(script) });
    const outcome = await bench.evaluate();
    expect(outcome).toMatchObject({ status: 'failed', fx: NaN });
    expect(outcome.error).toContain(error);
  });

  it('reads a standard input that never comes: it has ended', async () => {
    await bench.load({ command: sh('cat; read line; echo 4') });
    expect(await bench.evaluate()).toMatchObject({ fx: 4 });
  });

  it('does not read the input that it is given', async () => {
    await bench.load({ command: ['echo', '4'], stdin: 'json' });
    expect(await bench.evaluate()).toMatchObject({ fx: 4 });
  });

  it('prints without an end: the last bytes are read, and no more than that is passed on', async () => {
    await bench.load({
      command: sh('yes 123456789 | head -c 5000000; echo; echo 42'),
      maxOutputBytes: 10_000,
    });
    expect(await bench.evaluate()).toMatchObject({ fx: 42 });
    expect(bench.printed.out.length).toBeLessThan(10_200);
    expect(bench.printed.out).toContain('beyond 10000 bytes (maxOutputBytes) is left out');
  });

  it('cannot be read in what is left of a long output', async () => {
    await bench.load({ command: sh('yes | head -c 50000'), maxOutputBytes: 10_000 });
    const { error } = await bench.evaluate();
    expect(error).toContain('its output (cut: the first 40000 bytes were too much, see maxOutputBytes)');
  });

  it('cannot be started any more', async () => {
    bench.folder.write('program', '#!/bin/sh\necho 1\n');
    chmodSync(bench.folder.at('program'), 0o755);
    await bench.load({ command: ['./program'] });
    expect(await bench.evaluate()).toMatchObject({ fx: 1 });
    bench.folder.remove('program');
    expect((await bench.evaluate()).error).toMatch(/ENOENT|not found|No such file/);
  });

  it('was killed: it is tried again', async () => {
    await bench.load({ command: sh('test -e tried && echo 5; touch tried; kill -9 $$') });
    expect(await bench.evaluate([1, 2], { retries: 0 })).toMatchObject({
      status: 'failed',
      isTransient: true,
    });
    bench.folder.remove('tried');
    // The second try prints, and dies too.
    expect(await bench.evaluate([1, 2], { retries: 2 })).toMatchObject({ status: 'failed', attempts: 3 });
  });

  it('says by its exit code whether it may work the next time', async () => {
    await bench.load({ command: sh('if test -e tried; then echo 5; else touch tried; exit 75; fi') });
    expect(await bench.evaluate([1, 2], { retries: 1 })).toEqual({ status: 'ok', fx: 5, attempts: 2 });
    await bench.load({ command: sh('echo 5; exit 2'), okExitCodes: [0, 2] });
    expect(await bench.evaluate([1, 2], { retries: 1 })).toEqual({ status: 'ok', fx: 5 });
  });

  it('does not end: it is ended when it is given up, with all that it started, whatever they ignore', async () => {
    const script = `trap '' TERM HUP INT; (trap '' TERM; setsid sleep 999) & sleep 999 & touch ready; while :; do sleep 1; done`;
    await bench.load({ command: sh(script), graceSeconds: 0.1 });
    using marked = new Marked();
    const abort = new AbortController();
    const outcome = bench.evaluate([1, 2], { signal: abort.signal });
    await expect.poll(() => bench.folder.has('ready')).toBe(true);
    abort.abort();
    expect(await outcome).toMatchObject({ status: 'cancelled' });
    expect(await marked.gone(5000)).toEqual([]);
  });

  it('leaves children behind, which hold its output open: they are ended, and it counts', async () => {
    await bench.load({ command: sh('sleep 999 & (setsid sleep 999 &) ; echo 8') });
    using marked = new Marked();
    expect(await bench.evaluate()).toMatchObject({ status: 'ok', fx: 8 });
    expect(await marked.gone(5000)).toEqual([]);
  });
});

const directory = (candidate: number): string => `work/optimizer-0001/candidate-00000${candidate}`;

describe('work directories', () => {
  it.each([
    ['all', [1, 2, 3, 4]],
    ['failed', [3]],
    ['best', [2]],
    ['none', []],
  ] as const)('are kept: %s', async (keep, kept) => {
    await bench.load({
      command: sh('test "$1" = 3 && exit 1; echo "$2"', '{a}', '{b}'),
      workDirectory: keep,
    });
    for (const [candidate, value] of [
      [1, 5],
      [2, 3],
      [3, 0],
      [4, 4],
    ] as const)
      await bench.evaluate([candidate, value], { candidate });
    expect([1, 2, 3, 4].filter((candidate) => existsSync(bench.folder.at(directory(candidate))))).toEqual(
      kept,
    );
  });

  it('are where the program runs, and files are looked for', async () => {
    await bench.load({
      command: sh(
        'echo 6 > value; pwd; echo "$GLOMPO_DIRECTORY $1 $GLOMPO_CONFIG $2"',
        '{@directory}',
        '{@config}',
      ),
      read: { 'last-number': 'value' },
      workDirectory: true,
    });
    expect(await bench.evaluate()).toMatchObject({ fx: 6 });
    const own = bench.folder.at(directory(7));
    const home = bench.folder.path;
    expect(bench.printed.out).toBe(`${own}\n${own} ${own} ${home} ${home}\n`);
  });
});
