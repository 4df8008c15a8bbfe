import { describe, expect, it } from 'vitest';
import {
  defaultPopulationSize,
  effectiveMass,
  parametersFor,
} from '../../../src/optimizers/cma-es/parameters.ts';

const total = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value, 0);

describe('the constants of CMA-ES', () => {
  it('give the default population size of the tutorial', () => {
    expect([1, 2, 3, 10, 20, 40, 100].map(defaultPopulationSize)).toEqual([4, 6, 7, 10, 12, 15, 17]);
  });

  it('are those that pycma prints for 20 dimensions', () => {
    const { mu, weights, muEff, c1, cC, cMu } = parametersFor(20, 12);
    // pycma, docstring of CMAParameters
    const printed = [
      0.4024029428, 0.253389084, 0.1662215645, 0.1043752252, 0.05640347757, 0.01720770576, -0.05018713636,
      -0.1406167894, -0.2203813963, -0.2917332686, -0.3562788884, -0.4152044225,
    ];
    for (const [i, weight] of printed.entries()) expect(weights[i]).toBeCloseTo(weight, 9);
    expect(mu).toBe(6);
    expect(muEff).toBeCloseTo(3.7294589, 6);
    expect(c1).toBeCloseTo(0.00437235, 8);
    expect(cC).toBeCloseTo(0.171767, 6);
    expect(cMu).toBeCloseTo(0.00921656, 8);
  });

  it('keep step-size learning and damping to eq. 55', () => {
    const { muEff, cSigma, dSigma, chiN } = parametersFor(10, 10);
    expect(cSigma).toBeCloseTo((muEff + 2) / (10 + muEff + 5), 15);
    expect(dSigma).toBeCloseTo(1 + cSigma, 15);
    // E|N(0, I)| = sqrt(2) Gamma(5.5) / Gamma(5)
    expect(chiN).toBeCloseTo((Math.SQRT2 * 52.34277778455352) / 24, 3);
    const large = parametersFor(10, 400);
    expect(large.dSigma).toBeCloseTo(1 + 2 * (Math.sqrt((large.muEff - 1) / 11) - 1) + large.cSigma, 12);
  });

  it.each([
    [1, 2],
    [1, 4],
    [2, 3],
    [3, 7],
    [10, 10],
    [10, 200],
    [40, 15],
    [500, 22],
    [2, 1000],
  ])('are consistent for dimension %i and population size %i', (n, lambda) => {
    const { mu, weights, muEff, c1, cMu, cC, cSigma, decompositionGap } = parametersFor(n, lambda);
    const positive = weights.subarray(0, mu);
    const negative = weights.subarray(mu);
    expect(weights).toHaveLength(lambda);
    expect(mu).toBe(Math.floor(lambda / 2));
    expect(positive.every((weight) => weight > 0) && negative.every((weight) => weight <= 0)).toBe(true);
    expect([...weights]).toEqual([...weights].toSorted((a, b) => b - a));
    expect(total(positive)).toBeCloseTo(1, 12);
    expect(effectiveMass(positive)).toBeCloseTo(muEff, 9);
    for (const rate of [cC, cSigma]) expect(rate > 0 && rate <= 1).toBe(true);
    expect(c1 > 0 && cMu > 0 && c1 + cMu <= 1).toBe(true);
    // eqs. 50-52: each limit holds, and one of them is met.
    const mass = -total(negative);
    const limits = [
      1 + c1 / cMu,
      1 + (2 * effectiveMass(negative)) / (muEff + 2),
      (1 - c1 - cMu) / (n * cMu),
    ];
    expect(mass).toBeCloseTo(Math.min(...limits), 12);
    expect(decompositionGap).toBeGreaterThanOrEqual(1);
  });
});
