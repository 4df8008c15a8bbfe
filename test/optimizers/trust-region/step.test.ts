import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../src/core/random.ts';
import { dot, norm } from '../../../src/optimizers/math/vector.ts';
import { trustStep, type Quadratic, type Region } from '../../../src/optimizers/trust-region/step.ts';

const random = RandomStream.at(1, 'test/trust-step');

/** Any symmetric H, often an indefinite one. */
function quadratic(n: number): Quadratic {
  const h = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k <= i; k++) {
      const value = random.normal();
      h[i * n + k] = value;
      h[k * n + i] = value;
    }
  return {
    gradient: Float64Array.from({ length: n }, () => random.normal()),
    times: (v) => Float64Array.from({ length: n }, (_, i) => dot(h.subarray(i * n, (i + 1) * n), v)),
  };
}

const at = (q: Quadratic, d: Float64Array): number => dot(q.gradient, d) + dot(d, q.times(d)) / 2;

function region(n: number, radius: number): Region {
  const x = Float64Array.from({ length: n }, () => Math.min(1, Math.max(0, 1.4 * random.uniform() - 0.2)));
  return { low: x.map((value) => 0 - value), high: x.map((value) => 1 - value), radius };
}

/** About the least value of q in the region: the best of very many feasible points, improved by small steps. */
function search(q: Quadratic, { low, high, radius }: Region): number {
  const n = low.length;
  const into = (d: Float64Array): Float64Array => {
    const clipped = d.map((value, i) => Math.min(high[i]!, Math.max(low[i]!, value)));
    const length = norm(clipped);
    return length > radius ? clipped.map((value) => (value * radius) / length) : clipped;
  };
  let best: Float64Array = new Float64Array(n);
  for (let k = 0; k < 4000; k++) {
    const width = radius * 10 ** (-3 * (k / 4000));
    const next = into(best.map((value) => value + width * random.normal()));
    if (at(q, next) < at(q, best)) best = next;
  }
  return at(q, best);
}

describe('a step in a trust region', () => {
  it('stays in the ball and in the box, and gains what it says', () => {
    for (let k = 0; k < 300; k++) {
      const n = 1 + (k % 8);
      const q = quadratic(n);
      const within = region(n, 10 ** (1 - 3 * random.uniform()));
      const { step, gain, length } = trustStep(q, within);
      expect(norm(step)).toBeLessThanOrEqual(within.radius * (1 + 1e-9));
      expect(length).toBe(norm(step));
      expect(step.every((value, i) => value >= within.low[i]! && value <= within.high[i]!)).toBe(true);
      expect(at(q, step)).toBeCloseTo(-gain, 9);
      expect(gain).toBeGreaterThanOrEqual(0);
    }
  });

  it('gains nearly all that there is to gain, with few exceptions', () => {
    let good = 0;
    for (let k = 0; k < 60; k++) {
      const n = 2 + (k % 4);
      const q = quadratic(n);
      const within = region(n, 0.3);
      if (trustStep(q, within).gain >= 0.95 * -search(q, within)) good++;
    }
    expect(good).toBeGreaterThan(50);
  });

  it('is no step where every way leads up or out', () => {
    const q: Quadratic = { gradient: Float64Array.of(1, -1, 0), times: (v) => v };
    const { step, gain } = trustStep(q, {
      low: Float64Array.of(0, -1, -1),
      high: Float64Array.of(1, 0, 1),
      radius: 1,
    });
    expect([...step]).toEqual([0, 0, 0]);
    expect(gain).toBe(0);
  });

  it('tells the least curvature of a step that ends inside, and none of one that ends on the sphere', () => {
    const q: Quadratic = {
      gradient: Float64Array.of(0.1, 0.4),
      times: (v) => Float64Array.of(v[0]!, 4 * v[1]!),
    };
    const box = { low: Float64Array.of(-1, -1), high: Float64Array.of(1, 1) };
    expect(trustStep(q, { ...box, radius: 1 }).curvature).toBeGreaterThanOrEqual(1);
    expect(trustStep(q, { ...box, radius: 0.05 }).curvature).toBe(0);
  });
});
