import { describe, expect, it } from 'vitest';
import { runInNewContext } from 'node:vm';
import { evaluationContext, taskSeed } from '../../src/tasks/context.ts';
import type { Outcome, Task, TaskFunction } from '../../src/tasks/contract.ts';
import { evaluateTask } from '../../src/tasks/evaluate.ts';

const setup = { names: ['a', 'b'], seed: 7, optimizerId: 3, wantsGradient: false };

function evaluate(
  task: (...args: Parameters<TaskFunction>) => unknown,
  signal: AbortSignal = new AbortController().signal,
  x: Float64Array = Float64Array.of(1, 2),
): Outcome | Promise<Outcome> {
  return evaluateTask({ evaluate: task as TaskFunction }, x, evaluationContext(setup, 5, x, { signal }));
}

const failed = (error: string): Outcome => ({ status: 'failed', fx: NaN, error });
const EXPECTED = 'expected a finite number or { value, extras?, violation? }';

describe('evaluateTask', () => {
  it('answers at once when the task does', () => {
    expect(evaluate((x) => x[0]! + x[1]!)).toEqual({ status: 'ok', fx: 3 });
    // The log has no -0, and what an optimizer is told is what is in the log.
    expect(evaluate(() => -0)).toEqual({ status: 'ok', fx: 0 });
  });

  it('waits for a promise, or anything like one', async () => {
    const answer = evaluate(async () => 4);
    expect(answer).toBeInstanceOf(Promise);
    expect(await answer).toEqual({ status: 'ok', fx: 4 });
    // oxlint-disable-next-line unicorn/no-thenable
    expect(await evaluate(() => ({ then: (done: (value: number) => void) => done(5) }))).toEqual({
      status: 'ok',
      fx: 5,
    });
  });

  it('takes extras and a violation', async () => {
    expect(evaluate(() => ({ value: 1, extras: { rmse: 0.5, tags: ['a', null] }, violation: 2 }))).toEqual({
      status: 'ok',
      fx: 1,
      extras: { rmse: 0.5, tags: ['a', null] },
      violation: 2,
    });
    expect(await evaluate(async () => ({ value: 1, violation: 0 }))).toEqual({
      status: 'ok',
      fx: 1,
      violation: 0,
    });
    expect(evaluate(() => ({ value: 1, extras: undefined, violation: undefined }))).toStrictEqual({
      status: 'ok',
      fx: 1,
    });
  });

  it('keeps extras as JSON has them, and as they were', () => {
    const list = [1, 2];
    const extras = {
      list,
      typed: Float64Array.of(1, 2),
      date: new Date(0),
      nan: NaN,
      missing: undefined,
      nested: { twice: list },
      ['__proto__']: 1,
      realm: runInNewContext('({ a: 1 })') as unknown,
    };
    const { extras: kept } = evaluate(() => ({ value: 1, extras })) as Outcome;
    list.push(3);
    expect(JSON.stringify(kept)).toBe(
      '{"list":[1,2],"typed":[1,2],"date":"1970-01-01T00:00:00.000Z","nan":null,"nested":{"twice":[1,2]},"__proto__":1,"realm":{"a":1}}',
    );
  });

  it('calls the method of an object as its method', () => {
    const task = { factor: 3, evaluate: (): number => 0 } as Task & { factor: number };
    task.evaluate = function (this: { factor: number }) {
      return this.factor;
    };
    const x = new Float64Array(0);
    const context = evaluationContext(setup, 1, x, new AbortController());
    expect(evaluateTask(task, x, context)).toEqual({ status: 'ok', fx: 3 });
  });

  it('gives the task a copy of the point', () => {
    for (const n of [2, 20]) {
      const x = new Float64Array(n).fill(1);
      let kept: Float64Array | undefined;
      void evaluate(
        (given) => {
          kept = given.fill(9);
          return 0;
        },
        undefined,
        x,
      );
      kept![0] = 10;
      expect([...x]).toEqual(Array.from({ length: n }, () => 1));
    }
  });

  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = { cyclic };
  const cases: readonly [unknown, string][] = [
    ['abc', `task returned "abc", ${EXPECTED}`],
    [NaN, 'task returned NaN'],
    [Infinity, 'task returned Infinity'],
    [-Infinity, 'task returned -Infinity'],
    [undefined, `task returned undefined, ${EXPECTED}`],
    [null, `task returned null, ${EXPECTED}`],
    [true, `task returned true, ${EXPECTED}`],
    [12n, `task returned 12n, ${EXPECTED}`],
    [[1, 2], `task returned a list of 2, ${EXPECTED}`],
    [{}, `task returned an object without value, ${EXPECTED}`],
    [{ fx: 1 }, `task returned an object without value, ${EXPECTED}`],
    [() => 1, `task returned a function, ${EXPECTED}`],
    [{ value: '1' }, 'task returned value "1", expected a finite number'],
    [{ value: 1n }, 'task returned value 1n, expected a finite number'],
    [{ value: undefined }, 'task returned value undefined, expected a finite number'],
    [{ value: NaN }, 'task returned value NaN'],
    [{ value: -Infinity }, 'task returned value -Infinity'],
    [{ value: 1, violation: -1 }, 'task returned violation -1, expected a finite number >= 0'],
    [{ value: 1, violation: NaN }, 'task returned violation NaN, expected a finite number >= 0'],
    [{ value: 1, violation: Infinity }, 'task returned violation Infinity, expected a finite number >= 0'],
    [{ value: 1, violation: '0' }, 'task returned violation "0", expected a finite number >= 0'],
    [{ value: 1, extras: 5 }, 'task returned extras 5, expected an object { name: value }'],
    [{ value: 1, extras: null }, 'task returned extras null, expected an object { name: value }'],
    [{ value: 1, extras: [1] }, 'task returned extras a list of 1, expected an object { name: value }'],
    [{ value: 1, extras: new Map() }, 'task returned extras an object, expected an object { name: value }'],
    [
      { value: 1, extras: { run: { f: parseInt } } },
      'task returned extras that cannot be logged: extras.run.f is the function parseInt, which is not JSON',
    ],
    [
      { value: 1, extras: { n: [1n] } },
      'task returned extras that cannot be logged: extras.n[0] is the bigint 1, which is not JSON',
    ],
    [
      { value: 1, extras: { s: Symbol('s') } },
      'task returned extras that cannot be logged: extras.s is a symbol, which is not JSON',
    ],
    [
      { value: 1, extras: { m: new Map() } },
      'task returned extras that cannot be logged: extras.m is a Map, which is not JSON',
    ],
    [
      { value: 1, extras: cyclic },
      'task returned extras that cannot be logged: extras.self.cyclic is an object that contains itself, which is not JSON',
    ],
  ];

  it.each(cases)('says what is wrong with what it returned (%#)', async (returned, error) => {
    expect(evaluate(() => returned)).toEqual(failed(error));
    expect(await evaluate(async () => returned)).toEqual(failed(error));
  });

  const thrown: readonly [unknown, string][] = [
    [new TypeError('x is null'), 'task threw TypeError: x is null'],
    [new RangeError('first\n  second\r\nthird'), 'task threw RangeError: first second third'],
    [new Error(''), 'task threw Error'],
    ['no licence', 'task threw "no licence", which is not an Error'],
    [undefined, 'task threw undefined, which is not an Error'],
    [{ message: 'like an error', name: 'Odd' }, 'task threw Odd: like an error'],
    [runInNewContext('new SyntaxError("other realm")'), 'task threw SyntaxError: other realm'],
    [new Error('x'.repeat(1000)), `task threw Error: ${'x'.repeat(481)}…`],
  ];

  it.each(thrown)('tells what the task threw (%#)', async (error, message) => {
    const throwing = (): never => {
      throw error;
    };
    expect(evaluate(throwing)).toEqual(failed(message));
    expect(await evaluate(async () => throwing())).toEqual(failed(message));
  });

  it('survives errors that cannot be looked at', () => {
    const hiding = Object.defineProperty(new Error('x'), 'message', {
      get() {
        throw new Error('hidden');
      },
    });
    expect(
      evaluate(() => {
        throw hiding;
      }),
    ).toEqual(failed('task threw something that cannot be described'));
  });

  it('survives getters that throw', async () => {
    const result = {
      get value(): number {
        throw new Error('lazy');
      },
    };
    expect(evaluate(() => result)).toEqual(failed('task threw Error: lazy'));
    expect(await evaluate(async () => result)).toEqual(failed('task threw Error: lazy'));
  });

  it('calls it cancelled when the task gives up after an abort', async () => {
    const controller = new AbortController();
    const answer = evaluate(
      (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reject(signal.reason as Error);
          });
        }),
      controller.signal,
    );
    controller.abort();
    expect(await answer).toEqual({
      status: 'cancelled',
      fx: NaN,
      error: 'task threw AbortError: This operation was aborted',
    });
  });

  it('keeps a value that came in spite of an abort', async () => {
    expect(await evaluate(async () => 3, AbortSignal.abort())).toEqual({ status: 'ok', fx: 3 });
  });
});

describe('the context', () => {
  it('tells parameters by name, optimizer, candidate, signal and a seed', () => {
    const { signal } = new AbortController();
    let seen: unknown;
    void evaluate((x, context) => {
      x.fill(0);
      const { parameters, seed, optimizerId, candidateId } = context;
      seen = { parameters, seed, optimizerId, candidateId, signal: context.signal };
      return 1;
    }, signal);
    expect(seen).toEqual({
      parameters: { a: 1, b: 2 },
      seed: taskSeed(7, 3, 5),
      optimizerId: 3,
      candidateId: 5,
      signal,
    });
  });

  it('has parameters of any name', () => {
    const x = Float64Array.of(1, 2);
    const context = evaluationContext({ ...setup, names: ['__proto__', 'k'] }, 1, x, new AbortController());
    expect(Object.entries(context.parameters)).toEqual([
      ['__proto__', 1],
      ['k', 2],
    ]);
    expect(context.parameters).toBe(context.parameters);
  });

  it('has a seed that depends on run, optimizer and candidate alone', () => {
    const seeds = [taskSeed(1, 1, 1), taskSeed(2, 1, 1), taskSeed(1, 2, 1), taskSeed(1, 1, 2)];
    expect(new Set(seeds).size).toBe(4);
    expect(taskSeed(1, 1, 1)).toBe(seeds[0]);
  });
});

function at(cutoff: number, task: TaskFunction): Outcome | Promise<Outcome> {
  const x = Float64Array.of(1, 2);
  return evaluateTask(
    { evaluate: task },
    x,
    evaluationContext(setup, 5, x, { signal: AbortSignal.abort() }, cutoff),
  );
}

describe('a task that stops early', () => {
  it('knows above which its value does not matter, and returns a lower bound', () => {
    expect(at(3, (_, { cutoff }) => ({ value: cutoff + 1, censored: true }))).toEqual({
      status: 'censored',
      fx: 4,
      error: 'stopped above the cutoff 3',
    });
    expect(at(3, () => ({ value: 2, censored: false }))).toEqual({ status: 'ok', fx: 2 });
    expect(at(Infinity, (_, { cutoff }) => (cutoff === Infinity ? 1 : 2))).toEqual({ status: 'ok', fx: 1 });
  });

  it.each([
    [{ value: 3, censored: true }, 'the lower bound 3, which is not above context.cutoff, 3'],
    [{ value: NaN, censored: true }, 'the lower bound NaN, which is not above context.cutoff, 3'],
    [{ censored: true }, 'censored without value, a lower bound of it'],
    [{ value: 4, censored: 1 }, 'censored 1, expected true or false'],
  ])('%o is none', (returned, error) => {
    const outcome = at(3, () => returned as never);
    expect(outcome).toMatchObject({ status: 'failed' });
    expect((outcome as Outcome).error).toContain(error);
  });
});

function tried(
  retries: number,
  task: TaskFunction,
  signal: AbortSignal = new AbortController().signal,
): Outcome | Promise<Outcome> {
  const x = Float64Array.of(1, 2);
  return evaluateTask({ evaluate: task }, x, evaluationContext(setup, 5, x, { signal }), retries);
}

describe('a task that fails', () => {
  it('always at this point is not tried again', () => {
    const thrown = Object.assign(new Error('no mesh'), { retry: false });
    let calls = 0;
    const outcome = tried(3, () => {
      calls++;
      throw thrown;
    });
    expect([outcome, calls]).toEqual([failed('task threw Error: no mesh'), 1]);
    expect(tried(3, () => ({ failed: 'no\nmesh' }))).toEqual(failed('task failed: no mesh'));
    expect(tried(3, () => ({ failed: 5 }) as never)).toEqual(
      failed("task returned failed 5, expected a message: { failed: 'why', retry?: true }"),
    );
  });

  it.each([
    ['returning', (): never => ({ failed: 'no licence', retry: true }) as never, 'task failed: no licence'],
    [
      'throwing',
      (): never => {
        throw Object.assign(new Error('no licence'), { retry: true });
      },
      'task threw Error: no licence',
    ],
  ] as const)('by %s that it may work the next time is tried again', async (_, fail, error) => {
    let calls = 0;
    const task: TaskFunction = () => (++calls < 3 ? fail() : 7);
    expect(await tried(2, task)).toEqual({ status: 'ok', fx: 7, attempts: 3 });
    calls = 0;
    expect(await tried(1, task)).toEqual({ ...failed(error), isTransient: true, attempts: 2 });
    calls = 0;
    expect(await tried(0, task)).toEqual({ ...failed(error), isTransient: true });
    expect(calls).toBe(1);
    calls = 0;
    expect(await tried(5, async (...args) => task(...args))).toMatchObject({ fx: 7, attempts: 3 });
  });

  it('is not tried again when nobody waits for it any more', async () => {
    let calls = 0;
    const task: TaskFunction = () => {
      calls++;
      return { failed: 'x', retry: true };
    };
    expect(await tried(5, task, AbortSignal.abort())).toMatchObject({ status: 'cancelled' });
    expect(calls).toBe(1);
  });
});
