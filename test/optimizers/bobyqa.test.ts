import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { bobyqa } from '../../src/optimizers/bobyqa.ts';
import { Interpolation } from '../../src/optimizers/bobyqa/interpolation.ts';
import { QuadraticModel } from '../../src/optimizers/bobyqa/quadratic-model.ts';
import { minus } from '../../src/optimizers/math/vector.ts';
import type { Optimizer } from '../../src/optimizers/contract.ts';
import {
  drive,
  ellipsoid,
  make,
  rosenbrock,
  sphere,
  towardsCorner,
  type Objective,
  type Setup,
} from './support.ts';

const made = (setup: Setup): Optimizer => make('bobyqa', setup);

/** With noise of that size, relative to the value, the same for the same candidate. */
function noisy(f: (x: Float64Array) => number, noise: number, seed: number): Objective {
  return (x, id) => f(x) * (1 + noise * RandomStream.at(seed, 'test/noise', id).normal());
}

/** The value without noise at the point with the least value. */
function trueBest(
  optimizer: Optimizer,
  f: (x: Float64Array) => number,
  told: Objective,
  most: number,
): number {
  const { answers } = drive(optimizer, told, most);
  return f(answers.reduce((a, b) => (b.fx < a.fx ? b : a)).x);
}

const lifted = (x: Float64Array): number => 1 + rosenbrock(x);

describe('BOBYQA', () => {
  it.each([
    ['the sphere', 5, 15, sphere()],
    ['the sphere', 20, 50, sphere()],
    ['the ellipsoid of condition 1e6', 10, 120, ellipsoid],
    ['the ellipsoid of condition 1e6', 20, 250, ellipsoid],
    ["Rosenbrock's function", 2, 250, rosenbrock],
    ["Rosenbrock's function", 10, 1500, rosenbrock],
  ])('reaches 1e-8 on %s in %i dimensions within %i evaluations', (_, dimension, evaluations, f) => {
    for (const seed of [1, 2, 3])
      expect(drive(made({ dimension, seed }), f, evaluations, 1e-8).hitAt).toBeDefined();
  });

  it('begins with the start and two steps along each coordinate, all at once', () => {
    const first = made({ start: Float64Array.of(0.5, 0.95, 0.02) }).ask(100);
    expect(first).toHaveLength(7);
    expect([...first[0]!.x]).toEqual([0.5, 0.95, 0.02]);
    const moved = first.slice(1).map(({ x }, k) => x[k % 3]! - [0.5, 0.95, 0.02][k % 3]!);
    for (const [k, by] of [0.1, -0.1, 0.1, -0.1, 0.05, 0.2].entries()) expect(moved[k]).toBeCloseTo(by, 12);
  });

  it('steps by a whole integer where a coordinate stands for integers', () => {
    const first = made({ start: Float64Array.of(0.3, 0.3, 0.3), steps: [0, 4, 0] }).ask(100);
    expect(first[2]!.x[1]).toBeCloseTo(0.55, 12);
    expect(first[5]!.x[1]).toBeCloseTo(0.05, 12);
  });

  it('stops soon at the minimum of a smooth function', () => {
    for (const f of [sphere(), ellipsoid]) {
      const optimizer = made({ dimension: 5 });
      expect(drive(optimizer, f).answers.length).toBeLessThan(60);
      expect(optimizer.stopReason?.kind).toBe('rho-end');
    }
  });

  it('gets nearer than BFGS with differences where values are noisy', () => {
    for (const seed of [1, 2, 3]) {
      const told = noisy(lifted, 1e-4, seed);
      const [model, differences] = ['bobyqa', 'bfgs'].map((name) =>
        trueBest(make(name, { dimension: 4, seed }), lifted, told, 1000),
      );
      expect(model).toBeLessThan(1.3);
      expect(model).toBeLessThan(differences!);
    }
  });

  it('finds kinks by beginning once more, unless it was told not to', () => {
    const f = towardsCorner([0, 0.3, 1, 0.6]);
    const best = (maxRestarts: number): number =>
      Math.max(
        ...[1, 2, 3, 4, 5].map(
          (seed) => drive(made({ dimension: 4, seed, options: { maxRestarts } }), f).best,
        ),
      );
    expect(best(3)).toBeLessThan(1e-6);
    expect(best(0)).toBeGreaterThan(1e-6);
  });

  it('refuses a resolution that ends above its beginning', () => {
    expect(bobyqa.fault?.({ rhoBegin: 1e-9 })).toBe('rhoEnd must be at most rhoBegin');
    expect(bobyqa.fault?.({ rhoBegin: 0.01, rhoEnd: 0.01 })).toBeUndefined();
  });
});

describe('an interpolation by a quadratic', () => {
  const random = RandomStream.at(2, 'test/interpolation');
  const points = Array.from({ length: 9 }, () => Float64Array.from({ length: 4 }, () => random.uniform()));
  const values = Float64Array.from(points, () => random.normal());
  const base = points[3]!;

  it('makes a model that has the values', () => {
    const model = new QuadraticModel(4);
    Interpolation.of(points, base)!.correct(model, values);
    for (const [j, x] of points.entries()) expect(model.at(minus(x, base))).toBeCloseTo(values[j]!, 9);
  });

  it('has Lagrange functions that are 1 at their own point and 0 at the others', () => {
    const interpolation = Interpolation.of(points, base)!;
    for (const [j, x] of points.entries()) {
      const d = minus(x, base);
      for (const [k, value] of interpolation.lagrangeValues(d).entries())
        expect(value).toBeCloseTo(j === k ? 1 : 0, 9);
    }
    const { gradient, times } = interpolation.lagrange(5);
    for (const [j, x] of points.entries()) {
      const d = minus(x, base);
      const value = gradient.reduce((sum, slope, i) => sum + d[i]! * (slope + times(d)[i]! / 2), 0);
      expect(value).toBeCloseTo(j === 5 ? 1 : 0, 9);
    }
  });

  it('is refused for points that determine none', () => {
    expect(
      Interpolation.of(
        points.map(() => base),
        base,
      ),
    ).toBeUndefined();
  });
});
