import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { magnitudes } from '../../src/generators/magnitudes.ts';
import type { FreeParameter } from '../../src/space/parameter.ts';
import { Space } from '../../src/space/space.ts';
import { generation, setupOf } from './support.ts';

const parameter = (min: number, max: number, others: Partial<FreeParameter> = {}): FreeParameter => ({
  name: 'a',
  kind: 'free',
  type: 'real',
  scale: 'linear',
  min,
  max,
  ...others,
});

/** Values of 2000 starts in task units, sorted. */
function values(one: FreeParameter, decades: number): number[] {
  const space = new Space([one]);
  const generator = magnitudes.create({ decades }, { ...setupOf(1), parameters: space.free });
  return Array.from({ length: 2000 }, (_, i) => {
    const random = RandomStream.at(3, 'generator', i);
    return space.toTask(generator.generate(generation([], { random })))[0]!;
  }).toSorted((a, b) => a - b);
}

const share = (list: readonly number[], holds: (value: number) => boolean): number =>
  list.filter(holds).length / list.length;

describe('magnitudes', () => {
  it('draws both signs alike, and each power of ten above the smallest', () => {
    const drawn = values(parameter(-1000, 1000), 4);
    expect(share(drawn, (value) => value < 0)).toBeCloseTo(0.5, 1);
    expect(Math.min(...drawn.map(Math.abs))).toBeGreaterThanOrEqual(0.0999);
    // Of depths d ~ U(0, 4) and u ~ U(0, 1): P(d u > 1) = (4 - 1 - ln 4) / 4, P(d u > 2) = (4 - 2 - 2 ln 2) / 4.
    expect(share(drawn, (value) => Math.abs(value) < 100)).toBeCloseTo(0.403, 1);
    expect(share(drawn, (value) => Math.abs(value) < 10)).toBeCloseTo(0.153, 1);
  });

  it('keeps to the signs and magnitudes that the bounds allow', () => {
    const positive = values(parameter(2, 50), 6);
    expect(positive[0]).toBeGreaterThanOrEqual(2);
    expect(share(positive, (value) => value < 2.0001)).toBe(0);
    expect(positive.at(-1)).toBeLessThanOrEqual(50);
    const negative = values(parameter(-1e-3, 0), 6);
    expect(negative.at(-1)).toBeLessThanOrEqual(0);
    expect(share(negative, (value) => value > -1e-4)).toBeGreaterThan(0.3);
    const uneven = values(parameter(-1, 1000), 6);
    expect(share(uneven, (value) => value < 0)).toBeCloseTo(0.5, 1);
  });

  it('is uniform on a log scale, which says itself what the magnitudes are', () => {
    const drawn = values(parameter(1, 1e4, { scale: 'log' }), 1);
    expect(share(drawn, (value) => value < 10)).toBeCloseTo(0.25, 1);
    expect(share(drawn, (value) => value > 1000)).toBeCloseTo(0.25, 1);
  });

  it('copes with bounds at the end of all numbers', () => {
    expect(values(parameter(-1e308, 1e308), 30).every(Number.isFinite)).toBe(true);
  });
});
