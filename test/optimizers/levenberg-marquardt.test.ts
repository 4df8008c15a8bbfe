import { describe, expect, it } from 'vitest';
import type { Optimizer } from '../../src/optimizers/contract.ts';
import { make, transported } from './support.ts';

type Residuals = (x: Float64Array) => Float64Array;

/** Rosenbrock's function as least squares, on [-2, 2]^2. */
const rosenbrock: Residuals = (x) => {
  const [u, v] = [4 * x[0]! - 2, 4 * x[1]! - 2];
  return Float64Array.of(10 * (v - u * u), 1 - u);
};

/** A decay that is measured at ten times; its true parameters are 0.4 and 0.3 of their ranges. */
const decay: Residuals = (x) =>
  Float64Array.from({ length: 10 }, (_, t) => 10 * x[0]! * Math.exp(-3 * x[1]! * t) - 4 * Math.exp(-0.9 * t));

/** The least value is at a bound: u = 1 is out of reach. */
const bounded: Residuals = (x) => Float64Array.of(x[0]! - 1.5, 2 * (x[1]! - 0.3));

/** Six smooth curves, of which no one is a line; all are 0 at 0.45. */
const waves: Residuals = (x) =>
  x.map((value, i) => Math.sinh(value + x[(i + 1) % 6]! - 0.9) + Math.sin(value - 0.45));

/** Told evaluations until the sum of squares is below `target`. */
function fit(
  optimizer: Optimizer,
  f: Residuals,
  most: number,
  target = 1e-16,
): { readonly told: number; readonly best: number } {
  let best = Infinity;
  for (let told = 0; told < most;) {
    const candidates = optimizer.ask(optimizer.batchSize);
    if (candidates.length === 0) return { told, best };
    const answers = candidates.map(({ id, x }) => {
      const residuals = f(x);
      return { id, x, residuals, fx: residuals.reduce((sum, r) => sum + r * r, 0) };
    });
    optimizer.tell(answers);
    told += answers.length;
    best = Math.min(best, ...answers.map(({ fx }) => fx));
    if (best < target) return { told, best };
  }
  return { told: most, best };
}

describe('Levenberg-Marquardt', () => {
  it.each([
    ["Rosenbrock's function", rosenbrock, 80],
    ['an exponential decay', decay, 60],
  ])('solves %s in tens of evaluations', (_, f, most) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { told, best } = fit(make('levenberg-marquardt', { dimension: 2, seed }), f, 500);
      expect(best).toBeLessThan(1e-16);
      expect(told).toBeLessThan(most);
    }
  });

  it('holds a parameter at its bound and solves for the others', () => {
    const optimizer = make('levenberg-marquardt', { dimension: 2 });
    expect(fit(optimizer, bounded, 500, 0.25 + 1e-12).told).toBeLessThan(60);
    fit(optimizer, bounded, 500, 0);
    expect(optimizer.stopReason).toBeDefined();
  });

  it('learns from its steps instead of measuring its Jacobian anew each time', () => {
    const told = [0, 20].map((secantUpdates) => {
      const optimizer = make('levenberg-marquardt', { dimension: 6, options: { secantUpdates }, seed: 2 });
      return fit(optimizer, waves, 1000, 1e-12).told;
    });
    expect(told[1]).toBeLessThan(0.6 * told[0]!);
  });

  it('looks closely at where it ends, unless it is told not to', () => {
    const told = [false, true].map((refine) => {
      const optimizer = make('levenberg-marquardt', { dimension: 2, options: { refine, tolFun: 1e-3 } });
      const fitted = fit(optimizer, bounded, 500, 0);
      expect(optimizer.stopReason).toBeDefined();
      expect(fitted.best).toBeLessThan(0.2501);
      return fitted.told;
    });
    // A Jacobian by central differences, and maybe trials.
    expect(told[1]! - told[0]!).toBeGreaterThanOrEqual(3);
  });

  it('goes on from a snapshot taken between any two answers', () => {
    const optimizer = make('levenberg-marquardt', { dimension: 2, seed: 3 });
    for (let step = 0; step < 30; step++) {
      const restored = make('levenberg-marquardt', { dimension: 2, seed: 9 });
      restored.restore(transported(optimizer.snapshot()));
      const [candidates, again] = [optimizer.ask(1), restored.ask(1)];
      expect(again).toEqual(candidates);
      for (const { id, x } of candidates) {
        const residuals = decay(x);
        optimizer.tell([{ id, x, residuals, fx: residuals.reduce((sum, r) => sum + r * r, 0) }]);
      }
    }
  });

  it('stops where no evaluation has residuals', () => {
    const optimizer = make('levenberg-marquardt', { dimension: 2 });
    for (let told = 0; told < 100; told++)
      for (const { id, x } of optimizer.ask(1)) optimizer.tell([{ id, x, fx: 1 }]);
    expect(optimizer.stopReason?.kind).toBe('only-failures');
  });
});
