import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import type { Candidate, Optimizer } from '../../src/optimizers/contract.ts';
import {
  answer,
  drive,
  make,
  pointsOf,
  rastrigin,
  rosenbrock,
  sphere,
  type Objective,
  type Setup,
} from './support.ts';

const made = (setup: Setup): Optimizer => make('bayesian', setup);

const noisy =
  (seed: number): Objective =>
  (x, id) =>
    sphere()(x) + 0.01 * RandomStream.at(seed, 'test/noise', id).normal();

describe('Bayesian optimization', () => {
  it.each([
    ['the sphere', sphere(), 4, 60, 1e-5],
    ["Rosenbrock's function", rosenbrock, 2, 60, 0.01],
    ["Rastrigin's function", rastrigin, 1, 40, 1e-3],
  ])(
    'comes near the minimum of %s in %i dimensions within %i evaluations',
    (_, f, dimension, evaluations, target) => {
      for (const seed of [1, 2, 3])
        expect(drive(made({ dimension, seed }), f, evaluations, target).best).toBeLessThanOrEqual(target);
    },
  );

  it('comes near a minimum in spite of noise', () => {
    for (const seed of [1, 2, 3]) {
      const { answers } = drive(made({ seed }), noisy(seed), 60);
      const last = answers.slice(-10).map(({ x }) => sphere()(x));
      expect(Math.min(...last)).toBeLessThan(0.02);
    }
  });

  it('asks for its initial points at once, its start first, and then for one by one', () => {
    const start = Float64Array.of(0.1, 0.2, 0.3);
    const optimizer = made({ start });
    const first = optimizer.ask(100);
    expect(first).toHaveLength(8);
    expect([...first[0]!.x]).toEqual([...start]);
    expect(optimizer.ask(100)).toEqual([]);
    optimizer.tell(first.slice(1).map((one) => answer(one, sphere())));
    expect(optimizer.ask(100)).toEqual([]);
    optimizer.tell([answer(first[0]!, sphere())]);
    expect(optimizer.ask(100)).toHaveLength(1);
  });

  it('has as many points out as it may, none like another', () => {
    const optimizer = made({ options: { parallel: 4 } });
    let out: readonly Candidate[] = optimizer.ask(100);
    for (let round = 0; round < 12; round++) {
      const [first, ...others] = out;
      optimizer.tell([answer(first!, sphere())]);
      out = [...others, ...optimizer.ask(100)];
    }
    expect(out).toHaveLength(4);
    expect(new Set(out.map(({ x }) => x.join())).size).toBe(4);
  });

  it('asks for the same points whether answers come at once or as late as can be', () => {
    const [late, early] = [made({ options: { parallel: 3 } }), made({ options: { parallel: 3 } })];
    const seen: Candidate[] = [];
    const out: Candidate[] = [];
    while (seen.length < 30) {
      const asked = late.ask(100);
      seen.push(...asked);
      out.push(...asked);
      late.tell([answer(out.shift()!, rosenbrock)]);
    }
    const { answers } = drive(early, rosenbrock, 30);
    expect(pointsOf(answers)).toEqual(pointsOf(seen.slice(0, answers.length)));
  });

  it('stops after maxPoints, when all of them are answered', () => {
    const optimizer = made({ options: { maxPoints: 12, parallel: 2 } });
    drive(optimizer, sphere(), 11);
    const [last] = optimizer.ask(10);
    expect(optimizer.ask(10)).toEqual([]);
    expect(optimizer.stopReason).toBeUndefined();
    optimizer.tell([answer(last!, sphere())]);
    expect(optimizer.stopReason?.kind).toBe('max-points');
  });

  it('stays in the middle of the cells of integers, and goes to each cell of a single one once', () => {
    const optimizer = made({ dimension: 1, steps: [12], options: { initialPoints: 1 } });
    const { answers } = drive(optimizer, (x) => Math.abs(Math.floor(12 * x[0]!) - 7), 8);
    const cells = answers.slice(1).map(({ x }) => 12 * x[0]! - 0.5);
    for (const cell of cells) expect(cell).toBeCloseTo(Math.round(cell), 9);
    expect(new Set(cells.map(Math.round)).size).toBe(cells.length);
    expect(cells.map(Math.round)).toContain(7);
  });

  it('says that it may be slow', () => {
    expect(made({}).isSlow).toBe(true);
  });
});
