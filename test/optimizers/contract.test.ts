import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.ts';
import type { Answer, Optimizer, OptimizerSnapshot } from '../../src/optimizers/contract.ts';
import { Space } from '../../src/space/space.ts';
import {
  answer,
  componentOf,
  drive,
  failing,
  intoEdge,
  make,
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
  type Setup,
} from './support.ts';

/** Infinities, NaN, and values of either sign from 1e-20 to 1e20. */
const wild: Objective = (x, id) => {
  if (id % 11 === 0) return Infinity;
  if (id % 13 === 0) return -Infinity;
  return id % 7 === 0 ? NaN : Math.sin(1e6 * x[0]!) * 10 ** ((id % 41) - 20);
};

/** An integer of 20 values, and real numbers. */
const mixed: Objective = (x) => Math.abs(Math.floor(20 * x[0]!) - 13) + 10 * sphere()(x.subarray(1));

/** The lower values are where it is not feasible. */
const bound: Objective = (x) => ({ fx: sphere(0.4)(x), violation: violation(x) });

const lure: Objective = (x) => ({ fx: sphere(0.7)(x) - 1e3 * violation(x), violation: violation(x) });

/** Ranks as `reported` does, by values alone. */
const penalized: Objective = (x) =>
  violation(x) > 0 ? 1e10 * (1 + violation(x)) + rosenbrock(x) : rosenbrock(x);

/** Fails in half of the box. */
const halfMissing: Objective = (x) => (x[0]! < 0.5 ? NaN : sphere(0.7)(x));

/** Fails everywhere at first. */
const lateStarting: Objective = (x, id) => (id <= 8 ? NaN : sphere()(x));

function expectInBox(candidates: readonly { readonly x: Float64Array }[]): void {
  const outside = candidates.filter(({ x }) => !x.every((value) => value >= 0 && value <= 1));
  expect(outside).toEqual([]);
}

function stateOf(optimizer: Optimizer): unknown {
  const { header, block } = optimizer.snapshot();
  return { header, block: [...block] };
}

function withHeader(snapshot: OptimizerSnapshot, changes: Readonly<Record<string, unknown>>): unknown {
  return { ...snapshot, header: { ...snapshot.header, ...changes } };
}

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

/** They go down from where they are, and leave integers about there. */
const local: ReadonlySet<string> = new Set([
  'bfgs',
  'bobyqa',
  'dfo-ls',
  'l-bfgs-b',
  'levenberg-marquardt',
  'nelder-mead',
]);

/** A kink has no model of theirs, but is approached as slowly as by chance: for them an optimum inside is a smooth one. */
const smooth: ReadonlySet<string> = new Set(['bayesian', 'dfo-ls']);

interface Slow {
  readonly options: object;
  /** That are to be asked for. */
  readonly points: number;
  /** The part of a property's runs that will do. */
  readonly runs: number;
  /** How near it is to come to the best integers. */
  readonly integers: number;
  /** How near it is to come to an optimum that is hard to find. */
  readonly hard: number;
}

/** Some take milliseconds for a point: they have fewer of them, and fewer runs of a property. */
const slow: ReadonlyMap<string, Slow> = new Map([
  [
    'bayesian',
    {
      options: { maxPoints: 24, initialPoints: 8, starts: 1 },
      points: 20,
      runs: 0.2,
      integers: 1e-2,
      hard: 1e-6,
    },
  ],
  // By default it is done after ten.
  ['repeat', { options: { times: 2000 }, points: Infinity, runs: 1, integers: Infinity, hard: Infinity }],
]);

/** One with few points, if it is slow. */
const small = (name: string, setup: Setup = {}): Optimizer =>
  make(name, { ...setup, options: { ...setup.options, ...slow.get(name)?.options } });

/** At least so many points are to be asked for. */
const least = (name: string, points: number): number => Math.min(points, slow.get(name)?.points ?? points);

const runs = (name: string, count: number): number => Math.ceil(count * (slow.get(name)?.runs ?? 1));

/** A repetition asks for its start alone. */
const moves = (name: string): boolean => name !== 'repeat';

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

  it.each([
    ['its usual function', f],
    ['one that fails half of the time', failing(name)],
    ['one that fails in half of the box', halfMissing],
  ])('continues from a snapshot taken at any moment as if never stopped, on %s', (_, objective) => {
    let midway = 0;
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 400 }), (seed, moment) => {
        const original = new Session(small(name, { seed: 5 }), objective, seed).steps(moment);
        if (original.pendingCount > 0) midway++;
        const restored = small(name, { seed: 99, start: startAt(5, 3) });
        restored.restore(transported(original.optimizer.snapshot()));
        const copy = original.continuedWith(restored);
        const before = original.seen.length;
        original.steps(60);
        copy.steps(60);
        expect(pointsOf(copy.seen)).toEqual(pointsOf(original.seen.slice(before)));
        expect(copy.optimizer.stopReason).toEqual(original.optimizer.stopReason);
        expect(stateOf(copy.optimizer)).toEqual(stateOf(original.optimizer));
      }),
      { numRuns: runs(name, 40), seed: 2 },
    );
    expect(midway).toBeGreaterThan(runs(name, 40) / 8);
  });

  it('continues from a snapshot taken with half of a batch told', () => {
    const original = small(name, { dimension: 6 });
    for (let round = 0; round < 30; round++) {
      const candidates = original.ask(Math.max(2, original.batchSize));
      const half = Math.ceil(candidates.length / 2);
      const late = candidates.slice(half).map((candidate) => answer(candidate, f));
      original.tell(candidates.slice(0, half).map((candidate) => answer(candidate, f)));
      const restored = small(name, { dimension: 6, seed: 99, start: startAt(1, 6) });
      restored.restore(transported(original.snapshot()));
      for (const optimizer of [original, restored]) optimizer.tell(late);
      expect(stateOf(restored)).toEqual(stateOf(original));
    }
  });

  it('gives snapshots that later calls leave alone', () => {
    const session = new Session(small(name), f, 4).steps(50);
    const snapshot = session.optimizer.snapshot();
    const before = structuredClone(snapshot);
    session.steps(50);
    expect(snapshot).toEqual(before);
  });

  it('is not changed by what is done to a snapshot that it gave or took', () => {
    const session = new Session(small(name), f, 4).steps(50);
    const before = stateOf(session.optimizer);
    session.optimizer.snapshot().block.fill(0.5);
    expect(stateOf(session.optimizer)).toEqual(before);
    const taken = transported(session.optimizer.snapshot());
    session.optimizer.restore(taken);
    taken.block.fill(0.5);
    expect(stateOf(session.optimizer)).toEqual(before);
  });

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

/** Samples, whatever it is told: it neither converges nor stops for want of progress. */
const sampling = new Set(['random', 'sobol', 'latin-hypercube', 'grid', 'repeat']);
const searching = subjects.filter((name) => !sampling.has(name));

describe.each(searching)('%s', (name) => {
  const hard = slow.get(name)?.hard ?? 1e-8;

  it('finds an optimum inside the box to 1e-8', () => {
    expect(drive(make(name, { dimension: 4 }), sphere(), 5000, 1e-8 / 2).best).toBeLessThan(1e-8);
  });

  it.each([
    ['the lowest corner', [0, 0, 0, 0]],
    ['the highest corner', [1, 1, 1, 1]],
    ['a mixed corner', [0, 1, 1, 0]],
    ['an edge', [0, 0.3, 1, 0.6]],
  ])('finds an optimum in %s to 1e-6', (_, corner) => {
    const objective = smooth.has(name) ? intoEdge(corner) : towardsCorner(corner);
    for (const seed of [1, 2, 3])
      expect(drive(make(name, { dimension: 4, seed }), objective, 5000, 1e-6 / 2).best).toBeLessThan(1e-6);
  });

  it('finds the optimum beside a half of the box where the function is NaN', () => {
    const start = Float64Array.of(0.9, 0.5, 0.1);
    expect(drive(make(name, { start }), halfMissing, 5000, hard / 2).best).toBeLessThan(hard);
  });

  it('is not lured into a half of the box that is not feasible by lower values there', () => {
    expect(
      drive(make(name, { start: Float64Array.of(0.9, 0.5, 0.1) }), lure, 5000, hard / 2).best,
    ).toBeLessThan(hard);
  });

  it('finds good integers among real numbers', () => {
    const optimizer = make(name, { steps: [20, 0, 0], start: Float64Array.of(0.3, 0.8, 0.1) });
    const target = local.has(name) ? 8 : (slow.get(name)?.integers ?? 1e-6);
    expect(drive(optimizer, mixed, 4000, target / 2).best).toBeLessThan(target);
  });

  it('stops on a flat function, says why, and asks for no more', () => {
    const optimizer = small(name);
    const { answers } = drive(optimizer, () => 3, 5000);
    expect(answers.length).toBeLessThan(1000);
    expect(optimizer.stopReason).toMatchObject({ kind: expect.stringMatching(/^[a-z-]+$/u) });
    expect(optimizer.stopReason!.detail).toContain('values');
    expect(optimizer.ask(10)).toEqual([]);
    expectInBox(answers);
  });

  it('stops when nothing but NaN comes, with its numbers still sound', () => {
    const optimizer = make(name);
    const { answers } = drive(optimizer, () => NaN, 5000);
    expect(answers.length).toBeLessThan(1000);
    expect(optimizer.stopReason?.kind).toBe('only-failures');
    expectInBox(answers);
    expect(optimizer.snapshot().block.every((value) => Number.isFinite(value))).toBe(true);
  });

  it('recovers from a while of nothing but NaN', () => {
    expect(drive(make(name), lateStarting, 5000, hard / 2).best).toBeLessThan(hard);
  });

  it('is still stopped, for the same reason, after a snapshot', () => {
    const original = small(name);
    drive(original, sphere());
    expect(original.stopReason).toBeDefined();
    const restored = small(name, { seed: 99 });
    restored.restore(transported(original.snapshot()));
    expect(restored.stopReason).toEqual(original.stopReason);
    expect(restored.ask(10)).toEqual([]);
    expect(stateOf(restored)).toEqual(stateOf(original));
  });
});

describe.each(subjects)('%s, given a damaged snapshot', (name) => {
  const f = usual(name);
  /** Snapshots of different moments: fresh, midway with pending answers and an injected point, late. */
  const samples = [0, 7, 40, 200].map((moment) => {
    const session = new Session(small(name), failing(name), moment).steps(moment);
    session.optimizer.inject?.(Float64Array.of(0.2, 0.4, 0.6), 1);
    return session.optimizer.snapshot();
  });
  const sample = fc.constantFrom(...samples).map(transported);

  function expectRefused(damaged: unknown): void {
    const session = new Session(small(name), f, 8).steps(33);
    const before = stateOf(session.optimizer);
    const restore = (): void => session.optimizer.restore(damaged as OptimizerSnapshot);
    expect(restore).toThrow(expect.objectContaining({ code: 'snapshot-invalid' }));
    expect(stateOf(session.optimizer)).toEqual(before);
    const undisturbed = new Session(small(name), f, 8).steps(33);
    const next = pointsOf(drive(undisturbed.optimizer, f, 20).answers);
    expect(pointsOf(drive(session.optimizer, f, 20).answers)).toEqual(next);
  }

  it('takes the undamaged ones', () => {
    for (const snapshot of samples) {
      const optimizer = small(name);
      optimizer.restore(transported(snapshot));
      expect(optimizer.snapshot()).toEqual(snapshot);
    }
  });

  it('refuses what is none', () => {
    expect.hasAssertions();
    const snapshot = samples[1]!;
    const nothing = [
      null,
      undefined,
      1,
      'text',
      [],
      {},
      { ...snapshot, header: null },
      { ...snapshot, header: [] },
    ];
    for (const damaged of [
      ...nothing,
      { ...snapshot, block: [...snapshot.block] },
      { ...snapshot, block: undefined },
    ])
      expectRefused(damaged);
  });

  it('refuses another type, version, dimension or population size', () => {
    expect.hasAssertions();
    const snapshot = samples[1]!;
    expectRefused({ ...snapshot, type: 'other' });
    expectRefused({ ...snapshot, version: snapshot.version + 1 });
    expectRefused(new Session(small(name, { dimension: 4 }), f, 1).steps(9).optimizer.snapshot());
    if (name === 'cma-es')
      expectRefused(
        new Session(small(name, { options: { populationSize: 11 } }), f, 1).steps(9).optimizer.snapshot(),
      );
  });

  it('refuses a header with an entry too many or too few', () => {
    expect.hasAssertions();
    fc.assert(
      fc.property(sample, fc.nat(), (snapshot, at) => {
        expectRefused(withHeader(snapshot, { more: 1 }));
        const keys = Object.keys(snapshot.header);
        const { [keys[at % keys.length]!]: _, ...header } = snapshot.header;
        expectRefused({ ...snapshot, header });
      }),
      { numRuns: runs(name, 20), seed: 3 },
    );
  });

  it('refuses a header with an entry of another kind', () => {
    expect.hasAssertions();
    const kinds: readonly Json[] = [
      true,
      -1,
      0.5,
      1e300,
      '?',
      [],
      [-1],
      [0.5],
      [1, 1],
      [null],
      {},
      { kind: 1, detail: 'x' },
    ];
    fc.assert(
      fc.property(sample, fc.nat(), fc.constantFrom(...kinds), (snapshot, at, value) => {
        const keys = Object.keys(snapshot.header);
        const key = keys[at % keys.length]!;
        // No candidate may well be pending.
        fc.pre(JSON.stringify(snapshot.header[key]) !== JSON.stringify(value));
        expectRefused(withHeader(snapshot, { [key]: value }));
      }),
      { numRuns: runs(name, 60), seed: 4 },
    );
  });

  it('refuses a block that is cut off or too long', () => {
    expect.hasAssertions();
    fc.assert(
      fc.property(sample, fc.nat(), (snapshot, at) => {
        const { block } = snapshot;
        if (block.length > 0) expectRefused({ ...snapshot, block: block.slice(0, at % block.length) });
        expectRefused({ ...snapshot, block: Float64Array.of(...block, 0.5) });
      }),
      { numRuns: runs(name, 20), seed: 5 },
    );
  });

  const hasNumbers = samples.some(({ block }) => block.length > 0);

  it.runIf(hasNumbers)('refuses a block with a NaN anywhere', () => {
    expect.hasAssertions();
    fc.assert(
      fc.property(sample, fc.nat(), (snapshot, at) => {
        fc.pre(snapshot.block.length > 0);
        snapshot.block[at % snapshot.block.length] = NaN;
        expectRefused(snapshot);
      }),
      { numRuns: runs(name, 40), seed: 6 },
    );
  });

  it('either refuses any other change or works on with it', () => {
    const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>;
    const number = fc.double();
    let accepted = 0;
    fc.assert(
      fc.property(sample, fc.nat(), json, fc.nat(), number, (snapshot, key, value, at, changed) => {
        const keys = Object.keys(snapshot.header);
        const header: JsonObject =
          key % 2 === 0 ? snapshot.header : { ...snapshot.header, [keys[key % keys.length]!]: value };
        if (snapshot.block.length > 0) snapshot.block[at % snapshot.block.length] = changed;
        const optimizer = small(name);
        const before = stateOf(optimizer);
        try {
          optimizer.restore({ ...snapshot, header });
        } catch (error) {
          expect(error).toMatchObject({ code: 'snapshot-invalid' });
          expect(stateOf(optimizer)).toEqual(before);
          return;
        }
        accepted++;
        expectInBox(drive(optimizer, f, 50).answers);
      }),
      { numRuns: runs(name, 200), seed: 7 },
    );
    expect(accepted).toBeGreaterThan(0);
  });
});
