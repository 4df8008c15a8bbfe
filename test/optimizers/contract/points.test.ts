import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../src/optimizers/contract.ts';
import { Space } from '../../../src/space/space.ts';
import {
  answer,
  componentOf,
  drive,
  failing,
  pointsOf,
  reported,
  rosenbrock,
  Session,
  sphere,
  startAt,
  subjects,
  towardsCorner,
  transported,
  usual,
  violation,
  type Objective,
} from '../support.ts';
import { wild, halfMissing, expectInBox, stateOf, small, least, runs, moves } from './support.ts';

/** The lower values are where it is not feasible. */
const bound: Objective = (x) => ({ fx: sphere(0.4)(x), violation: violation(x) });

/** Ranks as `reported` does, by values alone. */
const penalized: Objective = (x) =>
  violation(x) > 0 ? 1e10 * (1 + violation(x)) + rosenbrock(x) : rosenbrock(x);

/** They use differences of values, and not only their order. */
const byValues: ReadonlySet<string> = new Set([
  'bayesian',
  'bfgs',
  'bobyqa',
  'dfo-ls',
  'dual-annealing',
  'l-bfgs-b',
  'levenberg-marquardt',
  'shade',
  'step',
]);

describe.each(subjects)('%s', (name) => {
  const f = usual(name);

  it('asks for the same points with the same seed, and for others with another', () => {
    const [one, again, other] = [7, 7, 8].map((seed) =>
      pointsOf(drive(small(name, { seed }), f, 300).answers),
    );
    expect(again).toEqual(one);
    if (moves(name)) expect(other).not.toEqual(one);
  });

  it('numbers its candidates from 1 on without a gap', () => {
    const { seen } = new Session(small(name), f, 3).steps(300);
    expect(seen.length).toBeGreaterThan(least(name, 100) - 1);
    expect(seen.map(({ id }) => id)).toEqual(seen.map((_, i) => i + 1));
  });

  it('asks for at most as many points as it may, and for one at least when none is out', () => {
    for (const limit of [1, 2, 3, 50]) {
      const optimizer = small(name);
      for (let i = 0; i < 40; i++) {
        const candidates = optimizer.ask(limit);
        if (optimizer.stopReason) break;
        expect(candidates.length).toBeGreaterThan(0);
        expect(candidates.length).toBeLessThanOrEqual(limit);
        optimizer.tell(candidates.map((candidate) => answer(candidate, f)));
      }
    }
  });

  it.each([
    ['its usual function', f, 20],
    ['one that fails half of the time', failing(name), 5],
    ['one that fails in half of the box', halfMissing, 5],
    ['a flat one', () => 3, 5],
    ['one whose optimum is in a corner', towardsCorner([0, 1, 1]), 5],
  ] as const)(
    'asks for the same points however late, in which order and in which groups answers come, on %s',
    (_, objective, count) => {
      const expected = pointsOf(drive(small(name), objective, 400).answers);
      fc.assert(
        fc.property(fc.nat(), (seed) => {
          const { seen } = new Session(small(name), objective, seed).steps(250);
          const both = Math.min(seen.length, expected.length);
          // A flat function stops some soon.
          expect(both).toBeGreaterThan(Math.min(expected.length, least(name, 50)) - 1);
          expect(pointsOf(seen.slice(0, both))).toEqual(expected.slice(0, both));
        }),
        { numRuns: runs(name, count), seed: 1 },
      );
    },
  );

  it('refuses an answer that it never asked for, and is unchanged by it', () => {
    const optimizer = small(name);
    const [candidate] = optimizer.ask(1);
    const before = stateOf(optimizer);
    for (const id of [0, -1, 2, 1.5, NaN, 1000]) {
      const wrong = [
        { id: 1, x: candidate!.x, fx: 1 },
        { id, x: candidate!.x, fx: 1 },
      ];
      expect(() => optimizer.tell(wrong)).toThrow(expect.objectContaining({ code: 'tell-mismatch' }));
    }
    expect(stateOf(optimizer)).toEqual(before);
  });

  it('refuses an answer that comes twice, together or later, and is unchanged by it', () => {
    const optimizer = small(name, { dimension: 6 });
    const [first, ...others] = optimizer.ask(3).map((candidate) => answer(candidate, f));
    const before = stateOf(optimizer);
    expect(() => optimizer.tell([first!, first!])).toThrow(
      expect.objectContaining({ code: 'tell-mismatch' }),
    );
    expect(stateOf(optimizer)).toEqual(before);
    optimizer.tell([first!]);
    const after = stateOf(optimizer);
    expect(() => optimizer.tell([...others, first!])).toThrow(
      expect.objectContaining({ code: 'tell-mismatch' }),
    );
    expect(stateOf(optimizer)).toEqual(after);
  });

  it('never modifies its arguments', () => {
    const start = startAt(1, 3);
    const steps = Object.freeze([0, 11, 0]);
    const options = Object.freeze({});
    const optimizer = small(name, { start, steps, options });
    const kept: { readonly given: Answer; readonly copy: Answer }[] = [];
    for (let i = 0; i < 60; i++) {
      const answers = optimizer.ask(4).map((candidate) => Object.freeze(answer(candidate, f)));
      kept.push(...answers.map((given) => ({ given, copy: structuredClone(given) })));
      optimizer.tell(Object.freeze(answers));
      const point = Float64Array.of(0.1, 0.2, 0.3);
      optimizer.inject?.(point, 1e-3 / (i + 1));
      expect([...point]).toEqual([0.1, 0.2, 0.3]);
    }
    for (const { given, copy } of kept) expect(given).toEqual(copy);
    expect(start).toEqual(startAt(1, 3));
  });

  it('never leaves the box, whatever it is told', () => {
    expect.hasAssertions();
    const functions: readonly Objective[] = [wild, () => NaN, () => Infinity, () => -Infinity, (x) => x[0]!];
    for (const told of functions)
      for (const start of [0, 1, 0.5])
        expectInBox(drive(small(name, { start: new Float64Array(3).fill(start) }), told, 1500).answers);
  });

  it('lives on when half of the answers are NaN', () => {
    const { answers } = drive(small(name), failing(name), 600);
    expectInBox(answers);
    expect(answers.length).toBeGreaterThan(20);
  });

  it.runIf(!byValues.has(name))('ranks any violation below every feasible value, by its size', () => {
    const [points, expected] = [reported, penalized].map((told) =>
      pointsOf(drive(small(name), told, 120).answers),
    );
    expect(points).toEqual(expected);
  });

  it.runIf(byValues.has(name))(
    'takes no point that is not feasible for a better one, and finds some that are',
    () => {
      for (const seed of [1, 2, 3]) {
        const start = Float64Array.of(0.1, 0.2, 0.3);
        const { answers } = drive(small(name, { seed, start }), bound, 2000);
        const feasible = answers.filter((one) => one.violation === 0).map(({ fx }) => fx);
        expect(Math.min(...feasible)).toBeLessThan(0.9 * feasible[0]!);
      }
    },
  );

  it.each([1, 500])('works in %i dimensions', (dimension) => {
    const setup = { dimension, start: startAt(1, dimension) };
    const original = small(name, setup);
    const { answers, best } = drive(original, sphere(), 700);
    expectInBox(answers);
    expect(answers.every(({ x }) => x.length === dimension)).toBe(true);
    if (moves(name)) expect(best).toBeLessThan(answers[0]!.fx);
    const restored = small(name, setup);
    restored.restore(transported(original.snapshot()));
    expect(pointsOf(drive(restored, sphere(), 30).answers)).toEqual(
      pointsOf(drive(original, sphere(), 30).answers),
    );
  });

  it.each([
    ['flat', () => 3],
    ['failing', () => NaN],
    ['failing half of the time', failing(name)],
    ['wild', wild],
  ] as const)('lives with a single coordinate, real or integer, on a function that is %s', (_, told) => {
    for (const values of [0, 1, 2, 30]) {
      const optimizer = small(name, { dimension: 1, steps: [values] });
      const { answers } = drive(optimizer, told, 600);
      expect(answers.length).toBeGreaterThan(0);
      expectInBox(answers);
      const restored = small(name, { dimension: 1, seed: 99, steps: [values] });
      restored.restore(transported(optimizer.snapshot()));
      expect(stateOf(restored)).toEqual(stateOf(optimizer));
    }
  });

  it.runIf(moves(name))('gets better where all parameters but one are fixed', () => {
    const fixed = ['a', 'c'].map((at) => ({ name: at, kind: 'fixed', value: 2 }) as const);
    const free = { name: 'b', kind: 'free', type: 'real', scale: 'linear', min: -10, max: 30 } as const;
    const space = new Space([fixed[0]!, free, fixed[1]!]);
    const optimizer = small(name, { dimension: space.dimension, steps: space.steps });
    const { answers, best } = drive(optimizer, (u) => sphere(3.7)(space.toTask(u)), 400);
    expect(answers[0]!.x).toHaveLength(1);
    // The fixed ones are 1.7 away each.
    expect(best - 2 * 1.7 ** 2).toBeLessThan(name === 'grid' ? 2 : 0.02);
  });

  it('has defaults in its schema that change nothing when they are written down', () => {
    const { properties } = componentOf(name).options;
    const written = Object.entries(properties).flatMap(([key, schema]) =>
      schema.default === undefined ? [] : [[key, schema.default]],
    );
    const options = Object.fromEntries(written) as Record<string, unknown>;
    const points = (given: Record<string, unknown>): unknown =>
      pointsOf(drive(small(name, { options: given }), f, 3000).answers);
    expect(points(options)).toEqual(points({}));
  });
});
