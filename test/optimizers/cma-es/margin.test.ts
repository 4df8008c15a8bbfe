import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withMargin } from '../../../src/optimizers/cma-es/margin.ts';
import { toBox } from '../../../src/optimizers/math/box.ts';
import { RandomStream } from '../../../src/core/random.ts';
import { drive, make, startAt, type Objective } from '../support.ts';

/** How often samples have an integer below and above that of the mean. */
function shares(mean: number, width: number, steps: number): readonly [number, number] {
  const cell = (t: number): number => Math.min(steps - 1, Math.floor(toBox(t) * steps));
  const random = RandomStream.at(1, 'test/margin');
  let [below, above] = [0, 0];
  for (let k = 0; k < 20_000; k++) {
    const sampled = cell(mean + width * random.normal());
    if (sampled < cell(mean)) below++;
    else if (sampled > cell(mean)) above++;
  }
  return [below / 20_000, above / 20_000];
}

describe('the margin of integers', () => {
  it('gives both neighbours at least half of alpha, about, whatever it starts from', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.21, max: 0.79, noNaN: true }),
        fc.double({ min: -14, max: -3, noNaN: true }),
        (mean, exponent) => {
          const alpha = 0.05;
          const moved = withMargin(mean, 10 ** exponent, 11, alpha) ?? { mean, width: 10 ** exponent };
          const [below, above] = shares(moved.mean, moved.width, 11);
          expect(Math.min(below, above)).toBeGreaterThan(alpha / 2 - 0.006);
        },
      ),
      { numRuns: 50, seed: 1 },
    );
  });

  it('lets the least and the greatest integer go to their only neighbour', () => {
    for (const mean of [-0.04, 0.03, 0.98, 1.04]) {
      const moved = withMargin(mean, 1e-9, 5, 0.1)!;
      const [below, above] = shares(moved.mean, moved.width, 5);
      expect(below + above).toBeGreaterThan(0.09);
      expect(below + above).toBeLessThan(0.3);
    }
  });

  it('changes nothing where both neighbours are likely', () => {
    expect(withMargin(0.5, 0.1, 11, 0.05)).toBeUndefined();
  });
});

/** Integers between -10 and 10 on half of the coordinates, as the paper has them: SphereInt. */
const sphereInt: Objective = (x) =>
  x.reduce(
    (sum, u, i) => sum + (i < x.length / 2 ? (20 * u - 10) ** 2 : Math.round(21 * u - 0.5 - 10) ** 2),
    0,
  );

it('solves the sphere with integers', () => {
  const dimension = 10;
  const steps = Array.from({ length: dimension }, (_, i) => (i < dimension / 2 ? 0 : 21));
  const solved = [1, 2, 3, 4, 5, 6].filter((seed) => {
    const optimizer = make('cma-es', { dimension, steps, seed, start: startAt(seed, dimension) });
    return drive(optimizer, sphereInt, 20_000, 1e-8).hitAt !== undefined;
  });
  expect(solved.length).toBeGreaterThanOrEqual(5);
});
