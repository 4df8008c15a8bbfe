import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../src/core/random.ts';
import type { Ranked } from '../../../src/core/ranking.ts';
import { candidateAt, evaluationsOf, meanOf, placesOf } from '../../../src/optimizers/cma-es/plan.ts';
import { judge, noiseOf, Uncertainty } from '../../../src/optimizers/cma-es/uncertainty.ts';

type Value = Required<Ranked>;

const values = (...list: readonly number[]): readonly Value[] => list.map((fx) => ({ fx, violation: 0 }));
const random = RandomStream.at(1, 'test/uncertainty');
const noise = (count: number): readonly Value[] =>
  values(...Array.from({ length: count }, () => random.normal()));

describe('a plan of evaluations', () => {
  it('has each candidate evaluated as often as it says, those of one place of the same candidate', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(4),
        (lambda, repeats, more) => {
          const plan = { repeats, again: Math.min(lambda, more) };
          const places = Array.from({ length: lambda }, (_, candidate) => [
            ...placesOf(plan, lambda, candidate),
            ...(candidate < plan.again ? placesOf(plan, lambda, candidate, true) : []),
          ]);
          for (const [candidate, list] of places.entries())
            for (const place of list) expect(candidateAt(plan, lambda, place)).toBe(candidate);
          expect(places.flat().toSorted((a, b) => a - b)).toEqual(
            Array.from({ length: evaluationsOf(plan, lambda) }, (_, place) => place),
          );
        },
      ),
      { seed: 1 },
    );
  });

  it('takes the mean of the evaluations that did not fail', () => {
    expect(meanOf(values(1, NaN, 4))).toEqual({ fx: 2.5, violation: 0 });
    expect(meanOf(values(NaN, NaN)).fx).toBeNaN();
    expect(meanOf([...values(1), { fx: 2, violation: 1 }])).toEqual({ fx: 1.5, violation: 0.5 });
  });
});

describe('the measure of noise', () => {
  it('is below 0 when second values are the first ones, even if all values are equal', () => {
    const first = values(5, 3, 1, 4, 2, 9, 8, 7);
    expect(noiseOf(first, first.slice(0, 3))).toBeLessThan(0);
    expect(noiseOf(values(1, 1, 1, 1), values(1, 1))).toBeLessThan(0);
  });

  it('is 2 |Delta| less the changes that are harmless from both ranks', () => {
    // The 0 becomes 10, with all six others in between: from rank 1 to rank 7 of seven. A quarter of 0 .. 6, the distances from
    // either, is 1.5.
    const measure = noiseOf(values(0, 1, 2, 3), values(10));
    expect(measure).toBe(2 * 6 - 1.5 - 1.5);
  });

  it('is above 0 for values that are nothing but noise, and as such independent of transformations', () => {
    const [first, again] = [noise(40), noise(40)];
    expect(noiseOf(first, again)).toBeGreaterThan(0);
    const transformed = [first, again].map((list) =>
      list.map(({ fx }) => ({ fx: Math.exp(fx), violation: 0 })),
    );
    expect(noiseOf(transformed[0]!, transformed[1]!)).toBe(noiseOf(first, again));
  });

  it('says nothing of candidates that failed', () => {
    expect(noiseOf(values(NaN, 1, 2), values(3, NaN))).toBeUndefined();
    expect(noiseOf(values(NaN, 1, 2), values(3, 1))).toBeLessThan(0);
  });
});

describe('ranking with second values', () => {
  it('goes by both of them, of equals by the steadier one', () => {
    const { order, values: means } = judge(values(0, 1, 2, 3), values(10, 1));
    expect(means.map(({ fx }) => fx)).toEqual([5, 1, 2, 3]);
    expect(order[0]).toBe(1);
    expect(judge(values(1, 2, 3), values(1, 2, 3)).order).toEqual([0, 1, 2]);
  });

  it('puts last what always failed, and takes the one value of what failed once', () => {
    const { order, values: means } = judge(values(NaN, NaN, 2, 3), values(NaN, 1));
    expect(order).toEqual([1, 2, 3, 0]);
    expect(means[1]!.fx).toBe(1);
  });
});

describe('uncertainty handling', () => {
  it('evaluates more often for noise, then lengthens steps, and goes back without noise', () => {
    const uncertainty = new Uncertainty(10, 10, 3);
    expect(uncertainty.plan).toEqual({ repeats: 1, again: 2 });
    let factor = 1;
    for (let i = 0; i < 200 && factor === 1; i++) factor = uncertainty.treat(noise(10), noise(2));
    expect(uncertainty.plan).toEqual({ repeats: 3, again: 2 });
    expect(factor).toBe(1.1);
    const steady = values(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    for (let i = 0; i < 200; i++) factor = uncertainty.treat(steady, steady.slice(0, 2));
    expect(factor).toBe(1);
    expect(uncertainty.plan.repeats).toBe(1);
  });
});
