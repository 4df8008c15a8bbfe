import { describe, expect, it } from 'vitest';
import type { Optimizer } from '../../src/optimizers/contract.ts';
import { answer, drive, ellipsoid, make, rosenbrock, sphere, type Objective, type Setup } from './support.ts';

const nelderMead = (setup: Setup): Optimizer => make('nelder-mead', setup);

/** How many candidates each batch had, until `evaluations` are told. */
function batches(optimizer: Optimizer, f: Objective, evaluations: number): readonly number[] {
  const sizes: number[] = [];
  let told = 0;
  while (told < evaluations && !optimizer.stopReason) {
    const candidates = optimizer.ask(1000);
    optimizer.tell(candidates.map((candidate) => answer(candidate, f)));
    sizes.push(candidates.length);
    told += candidates.length;
  }
  return sizes;
}

/** No later candidate is better than the first simplex of four dimensions, but each is a little better than the one before. */
const tooHigh: Objective = (_x, id) => (id <= 5 ? id : 200 - id);

/** Downhill in the first coordinate, and a little in the second. */
const slope: Objective = (x) => x[0]! + 1e-3 * x[1]!;

/** The second coordinate has no effect before the first is near its optimum, so the simplex loses its extent there. */
const ravine: Objective = (x) =>
  Math.abs(x[0]! - 0.5) + (Math.abs(x[0]! - 0.5) < 1e-3 ? (x[1]! - 0.9) ** 2 : 1);

function checkedRun(maxRestarts: number): { readonly freshSimplexes: number; readonly best: number } {
  const optimizer = nelderMead({ dimension: 6, options: { maxRestarts } });
  let best = Infinity;
  const sizes = batches(
    optimizer,
    (x) => {
      const value = ellipsoid(x);
      best = Math.min(best, value);
      return value;
    },
    20_000,
  );
  return { freshSimplexes: sizes.slice(1).filter((size) => size === 6).length, best };
}

describe('Nelder-Mead', () => {
  it.each([
    ['the sphere', 2, 150, sphere()],
    ['the sphere', 8, 1200, sphere()],
    ['the ellipsoid of condition 1e6', 4, 1000, ellipsoid],
    ["Rosenbrock's function", 2, 250, rosenbrock],
    ["Rosenbrock's function", 4, 1000, rosenbrock],
  ])('reaches 1e-8 on %s in %i dimensions within %i evaluations', (_, dimension, evaluations, f) => {
    for (const seed of [1, 2, 3])
      expect(drive(nelderMead({ dimension, seed }), f, evaluations, 1e-8).hitAt).toBeDefined();
  });

  it('begins with its start and one step along each coordinate, as one batch', () => {
    const start = Float64Array.of(0.2, 0.9, 0.4);
    const first = nelderMead({ start, options: { initialSize: 0.25 } }).ask(100);
    const expected = [
      [0.2, 0.9, 0.4],
      [0.45, 0.9, 0.4],
      [0.2, 0.65, 0.4],
      [0.2, 0.9, 0.65],
    ];
    expect(first).toHaveLength(4);
    for (const [i, point] of expected.entries())
      for (const [j, value] of point.entries()) expect(first[i]!.x[j]).toBeCloseTo(value, 14);
  });

  it('steps by a whole integer where a coordinate stands for integers', () => {
    const start = Float64Array.of(0.25, 0.25, 0.25);
    const first = nelderMead({ start, steps: [0, 2, 5] }).ask(100);
    const moved = [1, 2, 3].map((i) => first[i]!.x[i - 1]! - 0.25);
    for (const [i, step] of [0.1, 0.5, 0.2].entries()) expect(moved[i]).toBeCloseTo(step, 14);
  });

  it('asks one by one, but n when it shrinks', () => {
    expect(batches(nelderMead({ dimension: 4 }), tooHigh, 11)).toEqual([5, 1, 1, 4]);
    const smooth = batches(nelderMead({ dimension: 4 }), sphere(), 100);
    expect(smooth[0]).toBe(5);
    expect(smooth.slice(1).every((size) => size === 1)).toBe(true);
  });

  it('reflects the worst vertex at the centre of the others, then expands beyond a new best', () => {
    const optimizer = nelderMead({ dimension: 2, start: Float64Array.of(0.5, 0.4) });
    // Vertices (0.5, 0.4), (0.4, 0.4), (0.5, 0.5).
    optimizer.tell(optimizer.ask(3).map((candidate) => answer(candidate, slope)));
    const [reflected] = optimizer.ask(1);
    expect(reflected!.x[0]).toBeCloseTo(0.4, 14);
    expect(reflected!.x[1]).toBeCloseTo(0.3, 14);
    optimizer.tell([answer(reflected!, slope)]);
    // Centre (0.45, 0.4), expansion 2 in two dimensions.
    const [expanded] = optimizer.ask(1);
    expect(expanded!.x[0]).toBeCloseTo(0.35, 14);
    expect(expanded!.x[1]).toBeCloseTo(0.2, 14);
  });

  it.each([
    ['simplex-size', { tolFun: 0, tolX: 1e-4 }],
    ['value-range', { tolX: 0 }],
  ])('stops with %s', (kind, options) => {
    const optimizer = nelderMead({ options });
    const { best } = drive(optimizer, sphere(), 3000);
    expect(optimizer.stopReason?.kind).toBe(kind);
    expect(best).toBeLessThan(1e-6);
  });

  it('does not take equal values for convergence when they are so by symmetry', () => {
    const start = Float64Array.of(0.45);
    // Vertices 0.45 and 0.55 have the same value.
    const { best } = drive(nelderMead({ dimension: 1, start }), sphere(0.5), 500);
    expect(best).toBeLessThan(1e-12);
  });

  it('checks a result with a fresh simplex, unless it was told not to', () => {
    const unchecked = checkedRun(0);
    const checked = checkedRun(1);
    expect(unchecked.freshSimplexes).toBe(0);
    expect(checked.freshSimplexes).toBe(1);
    expect(checked.best).toBeLessThanOrEqual(unchecked.best);
  });

  it('checks a result once when that brings nothing', () => {
    const sizes = batches(nelderMead({ dimension: 3, options: { maxRestarts: 5 } }), sphere(), 20_000);
    expect(sizes.slice(1).filter((size) => size === 3)).toHaveLength(1);
  });

  it('checks nothing when there was no progress', () => {
    const [unchecked, checked] = [0, 5].map((maxRestarts) => {
      const optimizer = nelderMead({ options: { maxRestarts } });
      return drive(optimizer, () => 3).answers.length;
    });
    expect(checked).toBe(unchecked);
  });

  it('refuses a snapshot whose parts do not fit together', () => {
    const optimizer = nelderMead({});
    drive(optimizer, rosenbrock, 30);
    const snapshot = optimizer.snapshot();
    const { phase } = snapshot.header;
    // Phases that compare a point with the reflected one cannot be told apart.
    const compared = ['expand', 'contract-outside', 'contract-inside'];
    const others = compared.some((one) => one === phase) ? ['simplex', 'reflect', 'shrink'] : compared;
    for (const other of others)
      expect(() => {
        optimizer.restore({ ...snapshot, header: { ...snapshot.header, phase: other } });
      }).toThrow(expect.objectContaining({ code: 'snapshot-invalid' }));
  });

  it('recovers by a fresh simplex from one that was flattened', () => {
    const start = Float64Array.of(0.1, 0.1);
    const best = (maxRestarts: number): number =>
      drive(nelderMead({ dimension: 2, start, options: { maxRestarts } }), ravine, 5000).best;
    expect(best(3)).toBeLessThan(best(0));
  });
});
