import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Outcome, TaskSpec } from '../../src/tasks/contract.ts';
import { PYTHON_WORKER } from '../../src/tasks/worker/python.ts';
import { Folder } from '../support/folder.ts';
import { evaluate, type Evaluated, type EvaluateOptions, python, specOf } from '../support/programs.ts';

const hasNumpy = (() => {
  try {
    execFileSync(python, ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

interface Options extends EvaluateOptions {
  readonly count?: number;
  readonly name?: string;
  readonly residuals?: TaskSpec['residuals'];
  readonly file?: string;
}

/** Evaluates points by a Python file. */
async function call(folder: Folder, source: string, options: Options = {}): Promise<Evaluated> {
  const { count = 1, name, residuals, file = 'fit.py', ...more } = options;
  const argv = [
    python,
    '-u',
    PYTHON_WORKER,
    folder.write(file, source),
    ...(name === undefined ? [] : [name]),
  ];
  const spec = specOf(argv, { cwd: folder.path, label: 'python fit.py' });
  return evaluate({ ...spec, ...(residuals ? { residuals } : {}) }, count, more);
}

/** What comes of one point, a = 3 and b = 4. */
async function outcome(source: string, options: Options = {}): Promise<Outcome> {
  using folder = new Folder();
  return (await call(folder, source, { names: ['a', 'b'], x: () => Float64Array.of(3, 4), ...options }))
    .rows[0]!.outcome;
}

const ok = (fx: number): Outcome => ({ status: 'ok', fx });

describe('a Python function', () => {
  it.each([
    ['def loss(x): return x[0] - x[1]', -1],
    ['def loss(x): return x["b"] + len(x[:1]) + sum(x)', 12],
    ['def loss(x, n=10): return n', 10],
    ['def loss(x, context): return context.parameters["b"] * x[0]', 12],
    ['def loss(x, *, context=None): return context.names.index("b")', 1],
    ['def loss(a, b): return a / b', 0.75],
    ['def loss(b, a): return a / b', 0.75],
    ['def loss(*, a, b=5): return a / b', 0.75],
    ['def loss(a, b, verbose=False): return a / b if verbose is False else 0', 0.75],
    ['def loss(b, steps=2, *, a, tol=1): return a / b * steps * tol', 1.5],
    ['def loss(*args): return len(args[0])', 2],
    ['import functools\ndef f(k, x): return k * x[0]\nloss = functools.partial(f, 2)', 6],
    ['class Loss:\n    def __call__(self, x): return x[0]\nloss = Loss()', 3],
    ['class Loss:\n    def at(self, x): return x[0]\nloss = Loss().at', 3],
    [
      'import functools\ndef timed(f):\n    @functools.wraps(f)\n    def inner(*a, **k): return f(*a, **k)\n    return inner\n@timed\ndef loss(a, b): return a / b',
      0.75,
    ],
    ['loss = max', 4],
    ['from glompo import context\ndef loss(x): return context().id + context().optimizer', 2],
  ])('is called as it says: %s', async (source, fx) => {
    expect(await outcome(source)).toEqual(ok(fx));
  });

  it('of one parameter by its name gets the number, under another name the point', async () => {
    const one = { names: ['a'], x: () => Float64Array.of(3) };
    expect(await outcome('def loss(a): return a ** 2', one)).toEqual(ok(9));
    expect(await outcome('def loss(x): return x[0] ** 2', one)).toEqual(ok(9));
  });

  it('knows the evaluation that it is in', async () => {
    const source = `from glompo import context
def loss(x):
    c = context()
    return {"value": 1, "seed": c.seed, "cutoff": c.cutoff, "wants": c.wants_gradient, "names": c.names}`;
    expect((await outcome(source, { cutoff: 2.5, wantsGradient: true })).extras).toEqual({
      seed: expect.any(Number) as number,
      cutoff: 2.5,
      wants: true,
      names: ['a', 'b'],
    });
    expect((await outcome(source)).extras).toMatchObject({ cutoff: null, wants: false });
  });

  it.each([
    ['7', ok(7)],
    [
      '{"value": 2, "stress": [1, 2], "violation": 0.5, "extras": {"a": None}}',
      { ...ok(2), violation: 0.5, extras: { a: null, stress: [1, 2] } },
    ],
    ['[3.0, 4.0]', { ...ok(25), extras: { residuals: [3, 4] } }],
    [
      '{"residuals": {"u": [1], "v": (2, 2)}, "n": 5}',
      { ...ok(9), extras: { residuals: { u: [1], v: [2, 2] }, n: 5 } },
    ],
    ['(5.0, [1.0, 2.0])', { ...ok(5), extras: { residuals: [1, 2] } }],
    ['{"value": 5.0, "gradient": [1.0, 2.0]}', { ...ok(5), extras: { gradient: [1, 2] } }],
    ['(5.0, {"n": 1})', { ...ok(5), extras: { n: 1 } }],
  ])('may return %s', async (returned, expected) => {
    expect(await outcome(`def loss(x): return ${returned}`, { wantsGradient: true })).toEqual(expected);
  });

  it.each([
    ['float("nan")', 'task returned value NaN'],
    ['-float("inf")', 'task returned value -Infinity'],
    [
      'None',
      'task failed: returned None, expected a number, a list of residuals, (value, residuals) or a dict with value or residuals',
    ],
    ['"2"', "task failed: returned '2', expected a number"],
    ['True', 'task failed: returned True, expected a number'],
    ['[2.0]', 'task failed: returned [2.0], a list of one number; return the number itself for a value'],
    ['(1.0, 2.0)', 'task failed: returned (1.0, 2.0), expected a number'],
    [
      '[1.0, float("nan")]',
      'task returned residuals that are neither a list of finite numbers nor such lists by name',
    ],
    ['{"residuals": "12345678"}', "task failed: returned residuals '12345678', expected a list of numbers"],
    ['{"a": 1}', 'task returned an object without value'],
    ['{"value": 1, "a": object}', 'task failed: returned extras that cannot be logged: a type is no JSON'],
    ['{"value": 1, "violation": -1}', 'task returned violation -1'],
  ])('may not return %s', async (returned, error) => {
    const result = await outcome(`def loss(x): return ${returned}`);
    expect(result.status).toBe('failed');
    expect(result.error).toContain(error);
  });

  it.skipIf(!hasNumpy)('gets and may return what is of numpy', async () => {
    const source = `import numpy as np
def loss(x):
    assert type(x) is np.ndarray and x.dtype == np.float64 and x.shape == (2,)
    x += 1
    return {"value": np.float32(0.5), "gradient": np.array([1, 2]), "matrix": np.eye(2), "count": np.int64(3)}`;
    expect(await outcome(source, { wantsGradient: true })).toEqual({
      ...ok(0.5),
      extras: {
        gradient: [1, 2],
        matrix: [
          [1, 0],
          [0, 1],
        ],
        count: 3,
      },
    });
    expect(await outcome('import numpy as np\ndef loss(x): return np.sum(x ** 2)')).toEqual(ok(25));
    expect(await outcome('import numpy as np\ndef loss(x): return x - 1')).toMatchObject({
      status: 'ok',
      fx: 13,
    });
    expect((await outcome('import numpy as np\ndef loss(x): return x[:1]')).error).toContain(
      'a list of one number',
    );
    expect((await outcome('import numpy as np\ndef loss(x): return np.eye(2)')).error).toContain(
      'expected a number',
    );
    expect((await outcome('import numpy as np\ndef loss(x): return np.bool_(True)')).error).toContain(
      'expected a number',
    );
  });

  it('has residuals that count as the configuration says', async () => {
    const residuals = [{ name: 'u', weight: 4, loss: 'linear', scale: 1 } as const];
    expect(
      await outcome('def loss(x): return {"residuals": {"u": [1], "v": [2]}}', { residuals }),
    ).toMatchObject(ok(8));
  });

  it('gets and returns every bit of a number', async () => {
    using folder = new Folder();
    const edges = [-0, 5e-324, -2.2250738585072009e-308, 0.1, 1.7976931348623157e308, 1e-7, 123456789.123];
    const names = edges.map((_, i) => `p${i}`);
    const source =
      'import struct\ndef loss(x): return {"residuals": x, "hex": [struct.pack(">d", v).hex() for v in x], "tiny": x[1]}';
    const x = Float64Array.from(edges);
    // Squares of the largest overflow, so it is left to the extras.
    const { rows } = await call(folder, source.replace('"residuals": x', '"value": x[3]'), {
      names,
      x: () => x,
    });
    const bits = new DataView(x.buffer);
    const hex = edges.map((_, i) =>
      bits
        .getBigUint64(8 * i, true)
        .toString(16)
        .padStart(16, '0'),
    );
    expect(rows[0]!.outcome).toEqual({ ...ok(0.1), extras: { hex, tiny: 5e-324 } });
  });

  it('is evaluated in batches where it is quick, each point as if alone', async () => {
    using folder = new Folder();
    const source = `from glompo import context
def loss(x):
    c = context()
    if c.id % 10 == 0: raise ValueError(c.id)
    if c.id % 10 == 5: return {"value": x[0], "id": c.id}
    return x[0] + c.seed * 0`;
    const { rows } = await call(folder, source, { count: 3000, workers: 2 });
    expect(rows).toHaveLength(3000);
    for (const {
      candidateId: id,
      outcome: { status, fx, extras, error },
      durationMs,
    } of rows) {
      if (id % 10 === 0) expect(error).toContain(`task failed: ValueError: ${id} (at fit.py:4 in loss:`);
      else expect([status, fx, extras]).toEqual(['ok', id, id % 10 === 5 ? { id } : undefined]);
      expect(durationMs).toBeLessThan(1000);
    }
  });
});

describe('what a Python function prints', () => {
  it('goes to standard error, whoever writes it, and it finds nothing to read', async () => {
    using folder = new Folder();
    const source = `import os, subprocess, sys
print("imported")
def loss(x):
    print("printed")
    os.write(1, b"written\\n")
    subprocess.run(["echo", "echoed"])
    return len(sys.stdin.read()) + len(os.read(0, 10))`;
    const { rows, printed } = await call(folder, source, { count: 2 });
    expect(rows.map(({ outcome: { fx } }) => fx)).toEqual([0, 0]);
    expect(printed.split('\n').toSorted().join(' ').trim()).toBe(
      'echoed echoed imported printed printed written written',
    );
  });
});

describe('a Python function that fails', () => {
  it('tells where in one line, and all on standard error; the worker goes on', async () => {
    using folder = new Folder();
    const source = `import math
def inner(v):
    return math.sqrt(
        v)
def loss(x):
    return inner(2 - x[0])`;
    const { rows, printed } = await call(folder, source, { count: 3 });
    expect(rows.map(({ outcome: { status } }) => status)).toEqual(['ok', 'ok', 'failed']);
    expect(rows[2]!.outcome.error).toBe(
      'task failed: ValueError: math domain error (at fit.py:3 in inner: return math.sqrt()',
    );
    expect(printed).toMatch(/^Traceback \(most recent call last\):\n {2}File ".*fit.py", line 6, in loss/);
    expect(new Set(rows.map(({ worker }) => worker)).size).toBe(1);
  });

  it.each([
    ['raise ValueError("a\\nb")', 'task failed: ValueError: a b (at fit.py:3 in loss:'],
    ['raise PointFails("no convergence")', 'task failed: no convergence'],
    ['raise PointFails', 'task failed: PointFails'],
    ['import sys; sys.exit(3)', 'task failed: SystemExit: 3 (at fit.py:3'],
    ['raise KeyboardInterrupt', 'task failed: KeyboardInterrupt (at fit.py:3'],
    ['loss(x)', 'task failed: RecursionError: maximum recursion depth exceeded'],
  ])('%s', async (statement, error) => {
    const source = `from glompo import PointFails\ndef loss(x):\n    ${statement}`;
    expect((await outcome(source)).error).toContain(error);
  });

  it('may be tried again, by the same worker', async () => {
    using folder = new Folder();
    const source = `from glompo import TryAgain
tries = []
def loss(x):
    tries.append(x[0])
    if x[0] == 2 and tries.count(2) == 1: raise TryAgain("busy")
    return len(tries)`;
    const { rows } = await call(folder, source, { count: 3 });
    expect(rows.map(({ outcome: { status }, attempts }) => [status, attempts])).toEqual([
      ['ok', 1],
      ['ok', 2],
      ['ok', 1],
    ]);
    expect(new Set(rows.map(({ worker }) => worker)).size).toBe(1);
  });

  it('stops above the cutoff with a bound', async () => {
    const source =
      'from glompo import context\ndef loss(x):\n    try:\n        context().stop(x[0])\n    except Exception: pass\n    return 10';
    expect(await outcome(source, { cutoff: 2 })).toEqual({
      status: 'censored',
      fx: 3,
      error: 'stopped above the cutoff 2',
    });
    expect(await outcome(source, { cutoff: 5 })).toEqual(ok(10));
  });

  it('by a crash costs its worker, and tells where it was', async () => {
    const source = 'import os, signal\ndef loss(x):\n    os.kill(os.getpid(), signal.SIGSEGV)';
    expect((await outcome(source)).error).toMatch(
      /^its worker died: .*SIGSEGV; .*Segmentation fault.*fit\.py", line 3 in loss/,
    );
  });

  it('is not interrupted by Ctrl-C', async () => {
    expect(
      await outcome('import os, signal\ndef loss(x):\n    os.kill(os.getpid(), signal.SIGINT)\n    return 1'),
    ).toEqual(ok(1));
  });
});

describe('a Python file', () => {
  it.each([
    ['def helper(): pass\ndef evaluate(x): return 1', 1],
    ['def loss(x): return 1\ndef objective(x): return 2', 2],
    ['from math import sqrt\ndef f(x): return 3\ndef _g(x): return 4', 3],
  ])('has a function that is meant: %s', async (source, fx) => {
    expect(await outcome(source)).toEqual(ok(fx));
  });

  it('imports its neighbours, and may have the name of a module', async () => {
    using folder = new Folder();
    folder.write('neighbour.py', 'value = 5');
    folder.write('worker.py', 'value = 6');
    const source =
      'import json, neighbour, worker\ndef f(x): return neighbour.value + worker.value + json.loads("1")';
    const { rows } = await call(folder, source, { file: 'json.py' });
    expect(rows[0]!.outcome).toEqual(ok(12));
  });

  it.each([
    ['def loss(x): pass', 'los', 'has no function los; did you mean loss?'],
    ['def loss(x): pass', 'other', 'has no function other (it has loss)'],
    ['loss = 3', 'loss', 'loss in .*fit.py is a int, expected a function'],
    [
      'def f(x): pass\ndef g(x): pass',
      undefined,
      'has several functions \\(f, g\\), none of them evaluate, task, objective, loss; say which: python: fit.py:f',
    ],
    ['import math', undefined, 'defines no function'],
    [
      'def loss(x, y): pass',
      undefined,
      'loss takes \\(x, y\\), expected \\(x\\), \\(x, context\\), or the parameters by their names: \\(a\\)',
    ],
    ['def loss(): pass', undefined, 'loss takes \\(\\), expected'],
    ['async def loss(x): pass', undefined, 'loss is an async function'],
    ['def loss(x) return 1', undefined, 'cannot be imported: .*SyntaxError'],
    [
      'import no_such_module',
      undefined,
      "cannot be imported: ModuleNotFoundError: No module named 'no_such_module' \\(at fit.py:1",
    ],
    ['import sys; sys.exit(1)', undefined, 'cannot be imported: SystemExit: 1'],
  ])('without one is refused at the start: %s', async (source, name, message) => {
    using folder = new Folder();
    await expect(call(folder, source, name === undefined ? {} : { name })).rejects.toMatchObject({
      code: 'task-load-failed',
      message: expect.stringMatching(
        new RegExp(
          `^python fit.py did not get ready: .*${message.replaceAll(/(?<!\\)[()](?!.*\\)/g, '\\$&')}`,
        ),
      ) as string,
    });
  });
});
