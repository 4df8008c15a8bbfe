import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../src/core/random.ts';
import type { Optimizer } from '../../../src/optimizers/contract.ts';
import { drive, make, pointsOf, sphere, transported, type Objective } from '../support.ts';

const DIMENSION = 10;

/** The optimum is at 0.37 in every coordinate; the values are multiplied by 1 + 0.5 N(0, 1). */
function noisySphere(seed: number, scale = 0.5): Objective {
  return (x, id) => sphere()(x) * (1 + scale * RandomStream.at(seed, 'test/noise', id).normal());
}

function cmaEs(noise: string, seed: number, options: object = {}): Optimizer {
  return make('cma-es', { dimension: DIMENSION, seed, options: { noise, ...options } });
}

/** How far the points of the last generation are from the optimum, on average over coordinates and points. */
function distanceAfter(noise: string, seed: number, evaluations: number): number {
  const optimizer = cmaEs(noise, seed, { stagnation: false });
  drive(optimizer, noisySphere(seed), evaluations);
  const points = drive(optimizer, () => 0, optimizer.batchSize).answers;
  const centre = Array.from(
    { length: DIMENSION },
    (_, i) => points.reduce((sum, { x }) => sum + x[i]!, 0) / points.length,
  );
  return Math.hypot(...centre.map((value) => value - 0.37));
}

const middle = (noise: string, evaluations: number): number =>
  [1, 2, 3, 4, 5].map((seed) => distanceAfter(noise, seed, evaluations)).toSorted((a, b) => a - b)[2]!;

describe('CMA-ES on a noisy function', () => {
  it.each([
    ['reevaluate', 15_000],
    ['grow', 20_000],
  ])('comes at least five times as near with noise: %s in %i evaluations', (noise, evaluations) => {
    expect(middle(noise, evaluations)).toBeLessThan(middle('none', evaluations) / 5);
  });

  it.each([
    ['reevaluate', 1.4],
    // In 10 dimensions; in 40 it is 8.
    ['grow', 4],
  ])('needs few more evaluations without noise, with noise: %s', (noise, most) => {
    for (const seed of [1, 2, 3]) {
      const [with_, without] = [noise, 'none'].map(
        (kind) => drive(cmaEs(kind, seed), sphere(), 20_000, 1e-8).hitAt!,
      );
      expect(with_! / without!).toBeLessThan(most);
    }
  });

  it.each(['reevaluate', 'grow'])(
    'has no more evaluations a generation than it may, with noise: %s',
    (noise) => {
      const optimizer = cmaEs(noise, 1, { noiseLimit: 4, stagnation: false });
      let most = 0;
      for (let i = 0; i < 200; i++) {
        drive(optimizer, noisySphere(1, 10), optimizer.batchSize);
        most = Math.max(most, optimizer.batchSize);
      }
      expect(most).toBeLessThanOrEqual(4 * 12);
      expect(most).toBeGreaterThan(3 * 10);
    },
  );

  it.each(['reevaluate', 'grow'])('goes on with noise: %s as if without it after a restart', (noise) => {
    const options = { restarts: 'bipop', tolFun: 1, tolFunHist: 0.1, stagnation: false };
    const optimizer = cmaEs(noise, 1, options);
    const { answers } = drive(optimizer, noisySphere(2, 0.1), 20_000);
    expect(answers.length).toBeGreaterThanOrEqual(20_000);
    expect(optimizer.snapshot().header['restarts']).toBeGreaterThan(3);
    const restored = cmaEs(noise, 9, options);
    restored.restore(transported(optimizer.snapshot()));
    const next = (one: Optimizer): unknown => pointsOf(drive(one, noisySphere(3), 500).answers);
    expect(next(restored)).toEqual(next(optimizer));
  });

  it.each(['reevaluate', 'grow'])('goes on from a snapshot of a long run, with noise: %s', (noise) => {
    const optimizer = cmaEs(noise, 1, { populationSize: 4, stagnation: false });
    drive(optimizer, noisySphere(1, 10), 20_000);
    const restored = cmaEs(noise, 9, { populationSize: 4, stagnation: false });
    restored.restore(transported(optimizer.snapshot()));
    const next = (one: Optimizer): unknown => pointsOf(drive(one, noisySphere(3), 500).answers);
    expect(next(restored)).toEqual(next(optimizer));
  });

  it('refuses a snapshot of one that answers noise in another way', () => {
    const kinds = ['none', 'reevaluate', 'grow'];
    for (const from of kinds)
      for (const to of kinds.filter((kind) => kind !== from)) {
        const optimizer = cmaEs(from, 1);
        drive(optimizer, sphere(), 30);
        expect(() => {
          cmaEs(to, 1).restore(optimizer.snapshot());
        }).toThrow(expect.objectContaining({ code: 'snapshot-invalid' }));
      }
  });
});

describe('CMA-ES with noise: reevaluate', () => {
  it('asks for the points of some candidates twice in a generation, and takes an injected one among them', () => {
    const optimizer = cmaEs('reevaluate', 1);
    expect(optimizer.reevaluates).toBe(true);
    expect(optimizer.batchSize).toBe(12);
    const points = optimizer.ask(100).map(({ x }) => [...x]);
    expect(points).toHaveLength(12);
    expect(points.slice(10)).toEqual(points.slice(0, 2));
    const good = new Float64Array(DIMENSION).fill(0.38);
    const evaluations = (injects: boolean): number => {
      const one = cmaEs('reevaluate', 3, { sigma0: 0.05 });
      if (injects) one.inject!(good, sphere()(good));
      return drive(one, sphere(), 20_000, 1e-6).hitAt!;
    };
    expect(evaluations(true)).not.toBe(evaluations(false));
  });

  it('evaluates each candidate once and no more in one that does not reevaluate', () => {
    expect(cmaEs('none', 1).reevaluates).toBe(false);
  });
});
