import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import type { Optimizer } from '../../src/optimizers/contract.ts';
import {
  drive,
  ellipsoid,
  make,
  pointsOf,
  rastrigin,
  rosenbrock,
  sphere,
  startAt,
  towardsCorner,
  transported,
  type Objective,
  type Setup,
} from './support.ts';

const cmaEs = (setup: Setup): Optimizer => make('cma-es', setup);

/** Switches every rule about values off. */
const noTolerances = { tolFun: 0, tolFunHist: 0, tolX: 0, stagnation: false };

const noise = (_x: Float64Array, id: number): number => RandomStream.at(1, 'noise', id).uniform();

/** Of seven candidates the best gets better from generation to generation, the others do not. */
const bestImproves: Objective = (x, id) => (id % 7 === 0 ? -id : noise(x, id));

/** The reverse. */
const medianImproves: Objective = (x, id) => (id % 7 === 0 ? -1e6 - noise(x, id) : noise(x, id) - id);

/** Fails in two generations of three. */
const sometimes: Objective = (x, id) => (Math.ceil(id / 7) % 3 === 0 ? sphere()(x) : NaN);

/** Fails but in a ball around the optimum. */
const island: Objective = (x) => (sphere()(x) > 0.09 ? NaN : sphere()(x));

/** Ranks by the distance from a point, but never has the same value in two generations of seven. */
function evershrinking(centre: readonly number[]): Objective {
  return (x, id) => {
    const distance = x.reduce((sum, value, i) => sum + Math.abs(value - centre[i]!), 0);
    return 2 ** -Math.ceil(id / 7) * (1e-30 + distance);
  };
}

/** Least where the first coordinate is in the eighth of eleven equal parts, and the others are 0.3 and 0.6. */
const parts: Objective = (x) =>
  (Math.min(10, Math.floor(11 * x[0]!)) - 7) ** 2 + (x[1]! - 0.3) ** 2 + (x[2]! - 0.6) ** 2;

/** Steps of 0.1: around most points all values are the same. */
const stairs: Objective = (x) => x.reduce((sum, value) => sum + Math.floor(10 * Math.abs(value - 0.9)), 0);

const dimension = 10;
const setup = { dimension, options: { sigma0: 0.05 } };

/** The points of some generations after something was injected. */
function pointsAfter(inject: (optimizer: Optimizer) => void): unknown {
  const optimizer = cmaEs(setup);
  inject(optimizer);
  return pointsOf(drive(optimizer, sphere(), 60).answers);
}

/** Evaluations to 1e-8 when `point` is injected before every fifth generation. */
function evaluations(seed: number, point?: { readonly x: Float64Array; readonly fx: number }): number {
  const optimizer = cmaEs({ ...setup, seed });
  const f: Objective = (x, id) => {
    if (point && id % 50 === 1) optimizer.inject!(point.x, point.fx);
    return rosenbrock(x);
  };
  return drive(optimizer, f, 40_000, 1e-8).hitAt ?? 40_000;
}

/** A generation of 200 around the middle, of which only the candidates in `valid` have a value; returns the centre of the next one. */
function centreAfter(valid: readonly number[]): {
  readonly points: readonly Float64Array[];
  readonly next: number[];
} {
  const optimizer = cmaEs({
    dimension: 2,
    start: new Float64Array(2).fill(0.5),
    options: { populationSize: 200, sigma0: 0.05 },
  });
  const first = drive(optimizer, (_x, id) => (valid.includes(id) ? 1 : NaN), 200).answers;
  const second = drive(optimizer, () => 1, 200).answers;
  const next = [0, 1].map((i) => second.reduce((sum, { x }) => sum + x[i]! / 200, 0));
  return { points: first.map(({ x }) => x), next };
}

describe('CMA-ES', () => {
  // Limits are about 1.3 times the mean over seeds.
  it.each([
    ['the sphere', sphere(), 2200, 5],
    ['the ellipsoid of condition 1e6', ellipsoid, 5500, 5],
    // One run in ten ends in its local optimum.
    ["Rosenbrock's function", rosenbrock, 7000, 4],
  ])('reaches 1e-8 on %s in 10 dimensions', (_, f, limit, hits) => {
    const reached = [1, 2, 3, 4, 5].filter(
      (seed) => drive(cmaEs({ ...setup, seed }), f, limit, 1e-8).hitAt !== undefined,
    );
    expect(reached.length).toBeGreaterThanOrEqual(hits);
  });

  it("finds the global optimum of Rastrigin's function with a large population", () => {
    const options = { populationSize: 150, sigma0: 0.3 };
    const hits = [1, 2, 3, 4].filter(
      (seed) => drive(cmaEs({ dimension: 5, seed, options }), rastrigin, 30_000, 1e-8).hitAt !== undefined,
    );
    expect(hits.length).toBeGreaterThanOrEqual(3);
  });

  it('learns the shape of the function: late steps are as long as the axes of the ellipsoid', () => {
    const { answers } = drive(cmaEs({ dimension: 5 }), ellipsoid, 20_000, 1e-8);
    const late = answers.slice(-80);
    const spread = (i: number): number => {
      const mean = late.reduce((sum, { x }) => sum + x[i]!, 0) / late.length;
      return Math.sqrt(late.reduce((sum, { x }) => sum + (x[i]! - mean) ** 2, 0) / late.length);
    };
    // The weights of the first and the last coordinate differ by 1e6, so their spreads by 1e3, within a factor of 4.
    expect(spread(0) / spread(4)).toBeGreaterThan(250);
    expect(spread(0) / spread(4)).toBeLessThan(4000);
  });

  it('asks for the same points when the values are transformed monotonically', () => {
    const [given, transformed] = [ellipsoid, (x: Float64Array) => Math.log(ellipsoid(x))].map((f) =>
      pointsOf(drive(cmaEs({ dimension: 4 }), f, 400).answers),
    );
    expect(transformed).toEqual(given);
  });

  it('uses the population size and the first step size that it was given', () => {
    const optimizer = cmaEs({
      dimension: 5,
      start: new Float64Array(5).fill(0.5),
      options: { populationSize: 400, sigma0: 0.01 },
    });
    expect(optimizer.batchSize).toBe(400);
    const first = optimizer.ask(1000);
    expect(first).toHaveLength(400);
    const squares = first.reduce(
      (sum, { x }) => x.reduce((part, value) => part + (value - 0.5) ** 2, sum),
      0,
    );
    expect(Math.sqrt(squares / 2000)).toBeCloseTo(0.01, 3);
    expect(optimizer.ask(1)).toEqual([]);
  });

  it('walks over a plateau, its steps growing as long as values are equal', () => {
    const options = { sigma0: 0.001 };
    const start = new Float64Array(4).fill(0.25);
    for (const seed of [1, 2, 3])
      expect(drive(cmaEs({ dimension: 4, seed, start, options }), stairs, 4000, 0).hitAt).toBeDefined();
  });

  it('works with the smallest population of two', () => {
    const { best } = drive(cmaEs({ dimension: 2, options: { populationSize: 2 } }), sphere(), 3000);
    expect(best).toBeLessThan(1e-6);
  });

  it('moves on to the few candidates that have a value when most fail', () => {
    for (const seed of [1, 2, 3])
      expect(
        drive(cmaEs({ dimension: 4, seed, start: new Float64Array(4).fill(0.5) }), island).best,
      ).toBeLessThan(1e-8);
  });
});

describe('a generation of CMA-ES', () => {
  it('moves to its only candidate with a value', () => {
    const { points, next } = centreAfter([7]);
    for (const i of [0, 1]) expect(next[i]).toBeCloseTo(points[6]![i]!, 1.9);
  });

  it('moves between its two candidates with a value, nearer to the one that came first of equals', () => {
    const { points, next } = centreAfter([7, 8]);
    const [a, b] = [points[6]!, points[7]!];
    // ln(100.5) and ln(100.5 / 2) are their weights before they are made to sum to 1.
    const share = Math.log(100.5) / (Math.log(100.5) + Math.log(50.25));
    for (const i of [0, 1]) expect(next[i]).toBeCloseTo(share * a[i]! + (1 - share) * b[i]!, 1.9);
  });
});

describe('CMA-ES stops', () => {
  const cases: readonly [string, string, Setup, Objective][] = [
    ['tol-fun', 'the values of a generation and the best ones lie within tolFun', {}, sphere()],
    ['tol-fun-hist', 'the best values lie within tolFunHist', { options: { tolFun: 0 } }, sphere()],
    ['equal-fun-values', 'the best values are all the same', {}, () => 3],
    ['tol-x', 'the steps are shorter than tolX', { options: { tolX: 1e-4 } }, sphere()],
    [
      'tol-x-up',
      'the steps have become tolXUp times longer',
      { options: { sigma0: 1e-6 } },
      towardsCorner([0, 0, 0]),
    ],
    ['condition-cov', 'the condition exceeds maxCondition', { options: { maxCondition: 1e4 } }, ellipsoid],
    ['only-failures', 'every evaluation fails', { options: { maxFailedGenerations: 3 } }, () => NaN],
    ['stagnation', 'the values are but noise', {}, noise],
    [
      'tol-fun-hist',
      'the best values lie within tolFun too, but the others do not',
      {},
      (_x, id) => (id % 7 === 0 ? 1e-13 * (id % 3) : 1 + noise(_x, id)),
    ],
    [
      'no-effect-axis',
      'a tenth of an axis is less than the rounding of every coordinate',
      { start: new Float64Array(3).fill(0.9), options: noTolerances },
      evershrinking([0.9, 0.9, 0.9]),
    ],
    [
      // In the margin the unbounded coordinate is about 1e-6, where numbers lie far closer together than at 0.9.
      'no-effect-coord',
      'a fifth of a standard deviation is less than the rounding of one coordinate',
      { start: Float64Array.of(0.9, 0.0125, 0.0125), options: noTolerances },
      evershrinking([0.9, 0.0125, 0.0125]),
    ],
  ];

  it.each(cases)('with %s when %s', (kind, _, given, f) => {
    const optimizer = cmaEs(given);
    const { answers } = drive(optimizer, f);
    expect(optimizer.stopReason?.kind).toBe(kind);
    expect(answers.length % optimizer.batchSize).toBe(0);
  });

  it('after exactly the number of failed generations that was allowed', () => {
    const { answers } = drive(cmaEs({ options: { maxFailedGenerations: 3 } }), () => NaN);
    expect(answers).toHaveLength(3 * 7);
    const { best } = drive(cmaEs({ options: { maxFailedGenerations: 3 } }), sometimes);
    expect(best).toBeLessThan(1e-8);
  });

  it('with as many failed generations before a snapshot as after it', () => {
    const options = { maxFailedGenerations: 3 };
    const original = cmaEs({ options });
    drive(original, () => NaN, 2 * 7);
    const restored = cmaEs({ options });
    restored.restore(transported(original.snapshot()));
    expect(drive(restored, () => NaN).answers).toHaveLength(7);
  });

  it('on a flat function after 10 + 30 n / lambda generations', () => {
    expect(drive(cmaEs({}), () => 3).answers).toHaveLength(7 * (10 + Math.ceil(90 / 7)));
  });

  it('on noise not before 120 + 30 n / lambda generations', () => {
    for (const seed of [1, 2, 3, 4, 5, 6])
      expect(drive(cmaEs({ seed }), noise).answers.length).toBeGreaterThanOrEqual(
        7 * (120 + Math.ceil(90 / 7)),
      );
  });

  it('not for stagnation while the best or the median values get better', () => {
    for (const f of [bestImproves, medianImproves]) {
      const optimizer = cmaEs({ seed: 3 });
      drive(optimizer, f, 4000);
      expect(optimizer.stopReason?.kind).not.toBe('stagnation');
    }
  });

  it('with figures that can be checked in the detail', () => {
    const optimizer = cmaEs({});
    drive(optimizer, sphere());
    expect(optimizer.stopReason?.detail).toMatch(/^range of values [0-9.]+e-1[2-9] < tolFun 1e-11$/u);
  });

  it('not at all by a rule that is switched off', () => {
    const optimizer = cmaEs({ options: { ...noTolerances, stagnation: false } });
    drive(optimizer, noise, 5000);
    expect(optimizer.stopReason?.kind).not.toBe('stagnation');
  });
});

describe('CMA-ES with injected points', () => {
  it('is faster for a good one', () => {
    // On the way from the valley's bend to the optimum, where a run from anywhere spends most of its time.
    const x = new Float64Array(dimension).fill(0.74);
    const good = { x, fx: rosenbrock(x) };
    // So insistent an injection leads one run in three astray.
    const middle = (point?: typeof good): number =>
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((seed) => evaluations(seed, point)).toSorted((a, b) => a - b)[4]!;
    expect(middle(good)).toBeLessThan(0.6 * middle());
  });

  it('is not disturbed by one that is no better than the worse half of its own', () => {
    const values = drive(cmaEs(setup), sphere(), 10)
      .answers.map(({ fx }) => fx)
      .toSorted((a, b) => a - b);
    const x = new Float64Array(dimension).fill(0.01);
    const undisturbed = pointsAfter(() => undefined);
    for (const rank of [5, 8, 9])
      expect(pointsAfter((optimizer) => optimizer.inject!(x, values[rank]!))).toEqual(undisturbed);
    expect(pointsAfter((optimizer) => optimizer.inject!(x, values[4]! - 1e-9))).not.toEqual(undisturbed);
  });

  it('ignores NaN, and the worse of two', () => {
    const x = new Float64Array(dimension).fill(0.3);
    const other = new Float64Array(dimension).fill(0.9);
    expect(pointsAfter((optimizer) => optimizer.inject!(x, NaN))).toEqual(pointsAfter(() => undefined));
    const nowhere = x.with(3, NaN);
    expect(pointsAfter((optimizer) => optimizer.inject!(nowhere, 0))).toEqual(pointsAfter(() => undefined));
    const one = pointsAfter((optimizer) => optimizer.inject!(x, 0));
    expect(one).not.toEqual(pointsAfter(() => undefined));
    const two = pointsAfter((optimizer) => {
      optimizer.inject!(other, 1e-3);
      optimizer.inject!(x, 0);
      optimizer.inject!(other, 1e-3);
    });
    expect(two).toEqual(one);
  });

  it('keeps one in a snapshot', () => {
    const original = cmaEs(setup);
    drive(original, sphere(), 25);
    original.inject!(new Float64Array(dimension).fill(0.3), 0);
    const restored = cmaEs({ ...setup, seed: 9 });
    restored.restore(transported(original.snapshot()));
    const next = pointsOf(drive(original, sphere(), 60).answers);
    expect(pointsOf(drive(restored, sphere(), 60).answers)).toEqual(next);
  });

  it('survives one that is far away and claims to be excellent', () => {
    const optimizer = cmaEs({
      dimension: 4,
      options: { sigma0: 1e-3 },
      start: new Float64Array(4).fill(0.37),
    });
    const first = drive(optimizer, sphere(), optimizer.batchSize).answers;
    optimizer.inject!(new Float64Array(4).fill(1), -1);
    const { answers, best } = drive(optimizer, sphere());
    // The step towards it was shortened: the mean moved by some standard deviations, not through the whole box.
    const distance = Math.max(...answers.slice(8, 16).map(({ x }) => Math.abs(x[0]! - first[0]!.x[0]!)));
    expect(distance).toBeLessThan(0.02);
    expect(best).toBeLessThan(1e-8);
  });
});

describe('CMA-ES, given a snapshot whose parts do not fit together', () => {
  const stopped = { kind: 'tol-x', detail: 'small' };

  it.each([
    ['a first candidate in the middle of a generation', 20, () => ({ firstId: 13 })],
    ['a generation that is complete', 20, () => ({ answers: 'vvvvvvvvvv' })],
    ['candidates out after it stopped', 20, () => ({ stop: stopped })],
    ['a decomposition that is newer than the last update', 20, () => ({ decomposedAt: 3 })],
  ])('refuses %s', (_, told, changes) => {
    const optimizer = cmaEs(setup);
    drive(optimizer, sphere(), told);
    optimizer.ask(10);
    const snapshot = optimizer.snapshot();
    const damaged = { ...snapshot, header: { ...snapshot.header, ...changes() } };
    expect(() => {
      optimizer.restore(damaged);
    }).toThrow(expect.objectContaining({ code: 'snapshot-invalid' }));
    optimizer.restore(snapshot);
  });
});

describe('CMA-ES with integers', () => {
  const steps = [11, 0, 0];
  it('keeps trying neighbours while the other coordinates converge, and then stops', () => {
    for (const seed of [1, 2, 3]) {
      const optimizer = cmaEs({ seed, steps, start: startAt(seed, 3) });
      const { answers, best } = drive(optimizer, parts);
      expect(best).toBeLessThan(1e-8);
      const late = answers.slice(-70);
      const spread = (i: number): number =>
        Math.max(...late.map(({ x }) => x[i]!)) - Math.min(...late.map(({ x }) => x[i]!));
      // +- 2 standard deviations of a fifth of a part each.
      expect(spread(0)).toBeGreaterThan((4 * 0.2) / 11 / 1.5);
      expect(spread(1)).toBeLessThan(1e-3);
      expect(optimizer.stopReason).toBeDefined();
    }
  });

  it('stops when the other coordinates have converged', () => {
    const optimizer = cmaEs({ steps, options: { ...noTolerances, tolX: 1e-6 } });
    drive(optimizer, parts);
    expect(optimizer.stopReason?.kind).toBe('tol-x');
  });
});
