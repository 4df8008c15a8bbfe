import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { acceptance, Visiting, wrapped } from '../../src/optimizers/dual-annealing/visiting.ts';
import { logGamma } from '../../src/optimizers/math/gamma.ts';
import { drive, make, rastrigin, rosenbrock, sphere, type Objective } from './support.ts';

function quantiles(q: number, temperature: number): number[] {
  const visiting = new Visiting(q);
  const random = RandomStream.at(1, 'test/visiting');
  const sizes = Array.from({ length: 100_000 }, () => Math.abs(visiting.step(temperature, random)));
  sizes.sort((a, b) => a - b);
  return [0.25, 0.5, 0.75].map((share) => sizes[share * 100_000]!);
}

describe('the visiting distribution', () => {
  it("is Cauchy's with the temperature as its scale for q = 2", () => {
    const expected = [Math.tan(Math.PI / 8), 1, Math.tan((3 * Math.PI) / 8)];
    for (const temperature of [0.01, 1, 30])
      for (const [i, value] of quantiles(2, temperature).entries())
        expect(value / (temperature * expected[i]!)).toBeCloseTo(1, 1);
  });

  it('has the quantiles that SciPy 1.17 draws for q = 2.62', () => {
    for (const [i, value] of quantiles(2.62, 1).entries())
      expect(Math.abs(value / [1.48, 15.9, 394][i]! - 1)).toBeLessThan(0.1);
  });

  it('cools as a power of time', () => {
    const visiting = new Visiting(2.62);
    expect(visiting.temperature(5230, 1)).toBe(5230);
    expect(visiting.temperature(5230, 1e6) / visiting.temperature(5230, 1e5)).toBeCloseTo(10 ** -1.62, 4);
  });
});

const counted: Objective = (x) => x.reduce((sum, place) => sum + Math.abs(Math.floor(place * 20) - 13), 0);

describe('dual-annealing', () => {
  it.each([
    [0.1, 2.252712651734206],
    [0.5, 0.5723649429247001],
    [1, 0],
    [2, 0],
    [5, Math.log(24)],
  ])('knows that ln Gamma(%d) is %d', (x, expected) => {
    expect(logGamma(x)).toBeCloseTo(expected, 13);
  });

  it('accepts all that is no worse, and less of what is the worse', () => {
    expect(acceptance(-1, 1, -5)).toBe(1);
    expect(acceptance(0.1, 1, -5)).toBeCloseTo(0.4 ** (1 / 6), 12);
    expect(acceptance(1, 1, -5)).toBe(0);
    expect(acceptance(Infinity, 1, -5)).toBe(0);
  });

  it('takes a coordinate for a ring', () => {
    expect([1.25, -0.25, 3, -1e-20, 0.5].map(wrapped)).toEqual([0.25, 0.75, 0, 0, 0.5]);
  });

  it.each([1, 2, 3])('solves a function with 10^5 local minima, seed %i', (seed) => {
    expect(drive(make('dual-annealing', { dimension: 5, seed }), rastrigin, 20_000, 1e-8).best).toBeLessThan(
      1e-8,
    );
  });

  it.each([1, 2, 3])('follows a curved valley in 10 dimensions, seed %i', (seed) => {
    const { hitAt } = drive(make('dual-annealing', { dimension: 10, seed }), rosenbrock, 20_000, 1e-8);
    expect(hitAt).toBeLessThan(20_000);
  });

  it('asks for a candidate of each chain, and for a whole gradient', () => {
    const optimizer = make('dual-annealing', { dimension: 7, options: { chains: 3 } });
    expect(optimizer.batchSize).toBe(3);
    const sizes = new Set<number>();
    for (let i = 0; i < 60; i++) {
      const candidates = optimizer.ask(100);
      sizes.add(candidates.length);
      optimizer.tell(candidates.map(({ id, x }) => ({ id, x, fx: sphere()(x) })));
    }
    expect([...sizes].toSorted((a, b) => a - b)).toEqual([1, 3, 7, 14]);
  });

  it('anneals without local searches, and over integers', () => {
    const options = { localSearch: false };
    expect(drive(make('dual-annealing', { options }), sphere(), 5000).best).toBeLessThan(0.01);
    const integers = make('dual-annealing', { steps: [20, 20, 20] });
    expect(drive(integers, counted, 20_000, 0).best).toBe(0);
  });

  it('stops when temperatures bring nothing any more', () => {
    const optimizer = make('dual-annealing', { options: { patience: 50 } });
    const { answers, best } = drive(optimizer, sphere());
    expect(best).toBeLessThan(1e-12);
    expect(answers.length).toBeLessThan(5000);
    expect(optimizer.stopReason?.kind).toBe('no-improvement');
  });

  it('begins another annealing when one is cold', () => {
    const options = { restartTemperatureRatio: 0.01, patience: 0 };
    const optimizer = make('dual-annealing', { dimension: 2, options });
    expect(drive(optimizer, rastrigin, 6000, 1e-8).best).toBeLessThan(1e-8);
  });

  it('descends from an injected point', () => {
    const optimizer = make('dual-annealing', { dimension: 10 });
    drive(optimizer, rastrigin, 30);
    const near = new Float64Array(10).fill(0.452);
    optimizer.inject!(near, rastrigin(near));
    expect(drive(optimizer, rastrigin, 500).best).toBeLessThan(1e-8);
  });
});
