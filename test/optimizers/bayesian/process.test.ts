import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../src/core/random.ts';
import {
  logImprovement,
  negativeLogImprovement,
} from '../../../src/optimizers/bayesian/expected-improvement.ts';
import { negativeLogPosterior, priorParameters } from '../../../src/optimizers/bayesian/likelihood.ts';
import { GaussianProcess } from '../../../src/optimizers/bayesian/process.ts';
import { targetsOf } from '../../../src/optimizers/bayesian/targets.ts';
import { sphere } from '../support.ts';

const random = RandomStream.at(1, 'test/process');
const points = Array.from({ length: 12 }, () => Float64Array.from({ length: 3 }, () => random.uniform()));
const values = Float64Array.from(points, (x) => 5 * sphere()(x) - 1);
const hyper = { lengths: Float64Array.of(0.5, 0.7, 0.9), variance: 2, noise: 1e-6 };

/** By central differences. */
function slopes(f: (x: Float64Array) => number, x: Float64Array): readonly number[] {
  const width = 1e-6;
  return Array.from(
    x,
    (value, i) => (f(x.with(i, value + width)) - f(x.with(i, value - width))) / (2 * width),
  );
}

function expectSame(actual: Float64Array, expected: readonly number[]): void {
  for (const [i, value] of expected.entries()) expect(actual[i]! / value).toBeCloseTo(1, 4);
}

describe('a Gaussian process', () => {
  const process = new GaussianProcess(points, values, hyper);

  it('has the values that it knows, nearly for certain', () => {
    for (const [j, x] of points.entries()) {
      const { mean, deviation } = process.moments(x);
      expect(mean).toBeCloseTo(values[j]!, 4);
      expect(deviation).toBeLessThan(2e-3);
    }
  });

  it('knows nothing far away', () => {
    const { mean, deviation } = process.moments(Float64Array.of(60, 60, 60));
    expect(mean).toBeCloseTo(0, 9);
    expect(deviation).toBeCloseTo(Math.sqrt(2), 9);
  });

  it('tells slopes of what it predicts', () => {
    expect.hasAssertions();
    const x = Float64Array.of(0.3, 0.6, 0.2);
    const { meanSlope, deviationSlope } = process.predict(x);
    expectSame(
      meanSlope,
      slopes((one) => process.moments(one).mean, x),
    );
    expectSame(
      deviationSlope,
      slopes((one) => process.moments(one).deviation, x),
    );
  });

  it('lives with points that are the same', () => {
    const twice = new GaussianProcess([...points, ...points], Float64Array.of(...values, ...values), {
      ...hyper,
      noise: 1e-10,
    });
    expect(twice.mean(points[0]!)).toBeCloseTo(values[0]!, 2);
  });
});

describe('the likelihood of hyperparameters', () => {
  it('has the slopes that it says', () => {
    expect.hasAssertions();
    const theta = priorParameters(3).map((value) => value + 0.3 * random.normal());
    const { gradient } = negativeLogPosterior(points, values, theta);
    expectSame(
      gradient,
      slopes((one) => negativeLogPosterior(points, values, one).value, theta),
    );
  });
});

describe('the expected improvement', () => {
  // By mpmath with 60 digits.
  it.each([
    [1, 0.0800262188493069, 0.7766387252017393],
    [0, -0.9189385332046727, 1.2533141373155003],
    [-1, -2.485121025711413, 1.9042713323316918],
    [-2.4, -5.906960148833966, 3.013308010071339],
    [-2.6, -6.526664579484938, 3.184131786190139],
    [-10, -55.55312203612236, 10.19438303341255],
    [-50, -1258.744182868461, 50.03995213387265],
    [-1000, -500014.7344520912, 1000.0019999940004],
  ])('has the logarithm that it should have at %f, and its slope', (z, value, slope) => {
    const found = logImprovement(z);
    expect(found.value / value).toBeCloseTo(1, 8);
    expect(found.slope / slope).toBeCloseTo(1, 6);
  });

  it('has slopes however little is to be expected', () => {
    expect.hasAssertions();
    const process = new GaussianProcess(points, values, hyper);
    const x = Float64Array.of(0.3, 0.6, 0.2);
    for (const best of [-1, -5, -50]) {
      const { gradient } = negativeLogImprovement(process, best, x);
      expectSame(
        gradient,
        slopes((one) => negativeLogImprovement(process, best, one).value, x),
      );
    }
  });
});

const ok = (fx: number, violation = 0): { fx: number; violation: number } => ({ fx, violation });

describe('what a process is told', () => {
  it('is about its mean and in units of its standard deviation', () => {
    const told = targetsOf([ok(1), ok(2), ok(6)])!;
    expect(told.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12);
    expect(told.reduce((sum, value) => sum + value * value, 0) / 3).toBeCloseTo(1, 12);
  });

  it('is the worst value where there is none, or none that counts', () => {
    const told = targetsOf([ok(1), ok(NaN), ok(-Infinity), ok(-5, 0.1), ok(3)])!;
    for (const place of [1, 2, 3]) expect(told[place]).toBe(told[4]);
    expect(told[0]).toBeLessThan(told[4]!);
  });

  it('is the violation as long as no point is feasible', () => {
    const [near, far, failed] = targetsOf([ok(9, 0.1), ok(1, 0.5), ok(NaN)])!;
    expect(near).toBeLessThan(far!);
    expect(failed).toBe(far);
  });

  it('is finite whatever the values are, and nothing where there are none', () => {
    expect(targetsOf([ok(1e99), ok(-1e99), ok(1e-99)])!.every(Number.isFinite)).toBe(true);
    expect([...targetsOf([ok(3), ok(3)])!]).toEqual([0, 0]);
    expect(targetsOf([ok(NaN), ok(Infinity)])).toBeUndefined();
  });
});
