import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../src/core/random.ts';
import { Distribution } from '../../../src/optimizers/cma-es/distribution.ts';
import { FullShape } from '../../../src/optimizers/cma-es/full-shape.ts';
import { parametersFor } from '../../../src/optimizers/cma-es/parameters.ts';

const n = 3;

function around(start: readonly number[], sigma: number): Distribution {
  const limits = { steps: [0, 0, 0], greatest: 1 / 3 };
  return new Distribution(parametersFor(n, 7), limits, Float64Array.from(start), sigma);
}

function fullShapeOf({ shape }: Distribution): FullShape {
  expect(shape).toBeInstanceOf(FullShape);
  return shape as FullShape;
}

describe('the distribution of CMA-ES', () => {
  it('draws steps with the covariance that was decomposed', () => {
    const distribution = around([0.5, 0.5, 0.5], 0.1);
    // The diagonal 4, 1, 0.25 with the correlation 0.5 between the first two coordinates.
    fullShapeOf(distribution).covariance.set([4, 0, 0, 1, 1, 0, 0, 0, 0.25]);
    distribution.updates = distribution.parameters.decompositionGap;
    distribution.decomposeIfDue();
    const random = RandomStream.at(1, 'test/distribution');
    const steps = new Float64Array(n);
    const sums = new Float64Array(4);
    const count = 20_000;
    for (let k = 0; k < count; k++) {
      const square = distribution.shape.sample(random, steps, 0);
      const products = [steps[0]! ** 2, steps[0]! * steps[1]!, steps[2]! ** 2, square];
      for (const [i, product] of products.entries()) sums[i] = sums[i]! + product / count;
      expect(distribution.shape.whiten(steps, 0, new Float64Array(n))).toBeCloseTo(square, 9);
    }
    // Five standard errors: sqrt(2 / count) is 0.01 of each value.
    for (const [i, expected] of [4, 1, 0.25, 3].entries()) expect(sums[i]! / expected).toBeCloseTo(1, 1);
  });

  it('steps to a point and back', () => {
    const distribution = around([0.1, 0.9, 0.5], 0.1);
    const steps = new Float64Array(n);
    const x = Float64Array.of(0.12, 0.77, 0.52);
    distribution.stepTo(x, steps, 0);
    for (const [i, step] of [0.2, -1.3, 0.2].entries()) expect(steps[i]).toBeCloseTo(step, 9);
    for (const [i, value] of distribution.pointAt(steps, 0).entries()) expect(value).toBeCloseTo(x[i]!, 9);
  });

  it('has the same samples when its mean is moved inside, mirrored', () => {
    const [outside, inside] = [around([0.5, 0.5, 0.5], 0.1), around([0.5, 0.5, 0.5], 0.1)];
    for (const one of [outside, inside]) {
      fullShapeOf(one).covariance.set([4, 0, 0, 1, 1, 0, 0.1, 0.2, 0.25]);
      one.updates = one.parameters.decompositionGap;
      one.decomposeIfDue();
      one.mean.set([-0.2, 1.3, 0.5]);
    }
    inside.keepLimits();
    for (const [i, mean] of [0.2, 0.7, 0.5].entries()) expect(inside.mean[i]).toBeCloseTo(mean, 12);
    const steps = new Float64Array(n);
    const random = RandomStream.at(2, 'test/distribution');
    outside.scale.set(inside.scale);
    for (let k = 0; k < 50; k++) {
      outside.shape.sample(random, steps, 0);
      const mirrored = Float64Array.of(-steps[0]!, -steps[1]!, steps[2]!);
      expect(inside.shape.whiten(mirrored, 0, new Float64Array(n))).toBeCloseTo(
        outside.shape.whiten(steps, 0, new Float64Array(n)),
        9,
      );
      const [a, b] = [outside.pointAt(steps, 0), inside.pointAt(mirrored, 0)];
      for (const i of [0, 1, 2]) expect(b[i]).toBeCloseTo(a[i]!, 12);
    }
    // What they learn is the same too.
    expect([...fullShapeOf(inside).covariance].map(Math.abs)).toEqual(
      [...fullShapeOf(outside).covariance].map(Math.abs),
    );
  });

  it('shortens a step that no sample would take', () => {
    const distribution = around([0.2, 0.2, 0.2], 1e-3);
    const steps = new Float64Array(n);
    const square = distribution.stepTo(Float64Array.of(0.8, 0.2, 0.2), steps, 0);
    // sqrt(n) + 2n / (n + 2)
    expect(Math.sqrt(square)).toBeCloseTo(Math.sqrt(3) + 6 / 5, 12);
    expect(steps[0]).toBeCloseTo(Math.sqrt(3) + 6 / 5, 12);
    expect(steps[1]).toBeCloseTo(0, 12);
  });

  it('keeps sigma within bounds without a change of widths', () => {
    const distribution = around([0.5, 0.5, 0.5], 0.1);
    distribution.sigma = 1e9;
    distribution.scale.set([1e-10, 2e-10, 1e-6]);
    distribution.keepLimits();
    expect(distribution.sigma).toBeLessThan(1e6);
    for (const [i, width] of [0.1, 0.2, 1 / 3].entries())
      expect(distribution.width(i)).toBeCloseTo(width, 12);
  });

  it('is unsound once it has lost its positive definiteness', () => {
    const distribution = around([0.5, 0.5, 0.5], 0.1);
    fullShapeOf(distribution).covariance.set([1, 0, 0, 2, 1, 0, 0, 0, 1]);
    distribution.updates = distribution.parameters.decompositionGap;
    distribution.decomposeIfDue();
    expect(distribution.shape.condition()).toBe(Infinity);
    // What is left can still be saved.
    const shape = fullShapeOf(distribution);
    expect([...shape.axes, ...shape.basis, ...shape.covariance].every(Number.isFinite)).toBe(true);
  });
});
