import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../src/core/random.ts';
import { type Regime, Restarts } from '../../../src/optimizers/cma-es/restarts.ts';
import { drive, make, pointsOf, rastrigin, sphere, transported } from '../support.ts';

/** What 12 runs are like, when each uses 100 evaluations a candidate of its population, or what it may. */
function regimes(kind: 'ipop' | 'bipop', seed = 1): readonly Regime[] {
  const restarts = new Restarts(kind, 10, 0.3);
  const random = RandomStream.at(seed, 'test/restarts');
  const all: Regime[] = [{ populationSize: 10, sigma0: 0.3, maxEvaluations: Infinity }];
  for (let i = 1; i < 12; i++) {
    const { populationSize, maxEvaluations } = all.at(-1)!;
    all.push(restarts.next(Math.min(100 * populationSize, maxEvaluations), random));
  }
  return all;
}

describe('the restarts of CMA-ES', () => {
  it('double the population each time with ipop', () => {
    expect(regimes('ipop').map(({ populationSize }) => populationSize)).toEqual(
      Array.from({ length: 12 }, (_, i) => 10 * 2 ** i),
    );
    expect(
      regimes('ipop').every(({ sigma0, maxEvaluations }) => sigma0 === 0.3 && maxEvaluations === Infinity),
    ).toBe(true);
  });

  it('give small runs about as many evaluations as large ones with bipop', () => {
    for (const seed of [1, 2, 3]) {
      const all = regimes('bipop', seed);
      const large = all.filter(({ maxEvaluations }, i) => i > 0 && maxEvaluations === Infinity);
      const small = all.filter(({ maxEvaluations }) => maxEvaluations < Infinity);
      expect(large.map(({ populationSize }) => populationSize)).toEqual(
        large.map((_, i) => 10 * 2 ** (i + 1)),
      );
      expect(small.length).toBeGreaterThan(2);
      for (const { populationSize, sigma0 } of small) {
        expect(populationSize).toBeGreaterThanOrEqual(10);
        expect(populationSize).toBeLessThanOrEqual(large.at(-1)!.populationSize);
        expect(sigma0).toBeGreaterThanOrEqual(0.003);
        expect(sigma0).toBeLessThanOrEqual(0.3);
      }
    }
  });

  it.each(['ipop', 'bipop'] as const)(
    'find what one run does not, with %s, and go on from snapshots',
    (restarts) => {
      const options = { restarts, sigma0: 0.2 };
      const original = make('cma-es', { dimension: 4, options });
      const single = make('cma-es', { dimension: 4, options: { sigma0: 0.2 } });
      expect(drive(single, rastrigin, 60_000, 1e-8).hitAt).toBeUndefined();
      expect(drive(make('cma-es', { dimension: 4, options }), rastrigin, 60_000, 1e-8).hitAt).toBeDefined();
      let sizes = new Set<number>();
      for (let part = 0; part < 12; part++) {
        drive(original, rastrigin, 700 + part);
        sizes = sizes.add(original.batchSize);
        const restored = make('cma-es', { dimension: 4, options, seed: 9 });
        restored.restore(transported(original.snapshot()));
        expect(pointsOf(drive(restored, rastrigin, 100).answers)).toEqual(
          pointsOf(drive(original, rastrigin, 100).answers),
        );
      }
      expect(sizes.size).toBeGreaterThan(1);
    },
  );

  it('end after maxRestarts', () => {
    const optimizer = make('cma-es', { options: { restarts: 'ipop', maxRestarts: 2 } });
    drive(optimizer, sphere(), 50_000);
    expect(optimizer.stopReason?.kind).toBe('tol-fun');
    expect(optimizer.batchSize).toBe(28);
  });
});

/** Of condition 1e6. */
const ellipsoid40 = (x: Float64Array): number =>
  x.reduce((sum, value, i) => sum + 10 ** (6 * (i / 39)) * (value - 0.4) ** 2, 0);

describe('a diagonal covariance', () => {
  it('learns an ellipsoid along the axes faster than a full one', () => {
    const [full, diagonal] = (['full', 'diagonal'] as const).map(
      (covariance) =>
        drive(
          make('cma-es', { dimension: 40, options: { covariance, sigma0: 0.1 } }),
          ellipsoid40,
          100_000,
          1e-8,
        ).hitAt!,
    );
    expect(diagonal!).toBeLessThan(0.4 * full!);
  });

  it('is the default in more than 200 dimensions', () => {
    const optimizer = make('cma-es', { dimension: 500, options: { sigma0: 0.1 } });
    const before = drive(optimizer, sphere(), 22).best;
    expect(drive(optimizer, sphere(), 20_000).best).toBeLessThan(before / 100);
    // Two numbers a coordinate, and not 500.
    expect(optimizer.snapshot().block.length).toBeLessThan(40_000);
  });
});
