import { describe, expect, it } from 'vitest';
import type { Optimizer } from '../../src/optimizers/contract.ts';
import { benchmarkInstance } from '../../src/tasks/benchmark.ts';
import {
  drive,
  ellipsoid,
  make,
  rosenbrock,
  sphere,
  towardsCorner,
  transported,
  type Objective,
} from './support.ts';

/** Far from 0, so that values are rounded. */
const lifted =
  (f: (x: Float64Array) => number): Objective =>
  (x) =>
    f(x) + 50;

/** Its gradient, by the rule for each term. */
function rosenbrockSlope(x: Float64Array): Float64Array {
  const g = new Float64Array(x.length);
  for (let i = 1; i < x.length; i++) {
    const [u, v] = [4 * x[i - 1]! - 2, 4 * x[i]! - 2];
    g[i - 1] = g[i - 1]! + 4 * (-400 * u * (v - u * u) - 2 * (1 - u));
    g[i] = g[i]! + 4 * 200 * (v - u * u);
  }
  return g;
}

/** Evaluations until `f` < 1e-8 when the optimizer is told the gradient with each. */
function withGradients(optimizer: Optimizer, most: number): number {
  for (let told = 1; told <= most; told++) {
    const [candidate] = optimizer.ask(1);
    if (!candidate) return Infinity;
    const fx = rosenbrock(candidate.x);
    if (fx < 1e-8) return told;
    optimizer.tell([{ ...candidate, fx, gradient: rosenbrockSlope(candidate.x) }]);
  }
  return Infinity;
}

describe.each(['bfgs', 'l-bfgs-b'])('%s', (name) => {
  // Limits are about 1.3 times the most of 5 seeds. CMA-ES needs 2700, 8200 and 16,700.
  it.each([
    ['the sphere', sphere(), 60],
    ['the way into a corner', towardsCorner(Array.from({ length: 20 }, (_, i) => i % 2)), 40],
    ["Rosenbrock's valley", rosenbrock, 4600],
  ])('finds the end of %s in 20 dimensions by differences', (_, f, limit) => {
    for (const seed of [2, 3, 4])
      expect(drive(make(name, { dimension: 20, seed }), lifted(f), limit, 50 + 1e-8).hitAt).toBeDefined();
  });

  it('needs a tenth of the evaluations with gradients', () => {
    for (const seed of [2, 3, 4])
      expect(withGradients(make(name, { dimension: 20, seed }), 1000)).toBeLessThan(300);
  });

  it('goes on from a snapshot with gradients in it', () => {
    const original = make(name, { dimension: 20, seed: 2 });
    withGradients(original, 57);
    const restored = make(name, { dimension: 20, seed: 3 });
    restored.restore(transported(original.snapshot()));
    expect(withGradients(restored, 1000)).toBe(withGradients(original, 1000));
  });

  it('asks for all differences of a gradient at once', () => {
    const optimizer = make(name, { dimension: 20 });
    const [start] = optimizer.ask(100);
    optimizer.tell([{ ...start!, fx: 1 }]);
    expect(optimizer.ask(100)).toHaveLength(20);
  });
});

it('bfgs solves an ellipsoid of condition 1e6 by differences, to more digits than asked', () => {
  for (const seed of [1, 2, 3])
    expect(
      drive(make('bfgs', { dimension: 20, seed }), lifted(ellipsoid), 6000, 50 + 1e-8).hitAt,
    ).toBeDefined();
});

/** Weierstrass's function of BBOB in the unit box: ripples on ripples. */
const { evaluate } = benchmarkInstance({
  kind: 'benchmark',
  name: 'bbob',
  options: { function: 16, dimension: 20, instance: 1 },
});
const weierstrass: Objective = (x) => evaluate(x.map((u) => 10 * u - 5));

describe.each(['bfgs', 'l-bfgs-b'])('%s with roughness', (name) => {
  const options = { roughness: 0.02 };

  it('ends where a function is rough, long before it would have', () => {
    const lengths = [options, {}].map((some) =>
      [1, 2, 3].reduce((sum, seed) => {
        const optimizer = make(name, { dimension: 20, seed, options: some });
        return sum + drive(optimizer, weierstrass, 20_000).answers.length;
      }, 0),
    );
    expect(lengths[0]).toBeLessThan(lengths[1]! / 2);
  });

  it.each([
    ["Rosenbrock's valley", rosenbrock],
    ['an ellipsoid of condition 1e6', ellipsoid],
  ])('goes on in %s', (_, f) => {
    for (const seed of [1, 2, 3])
      expect(
        drive(make(name, { dimension: 10, seed, options }), lifted(f), 9000, 50 + 1e-6).hitAt,
      ).toBeDefined();
  });
});
