import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DurationCounts } from '../../src/core/quantiles.ts';

it('tells quantiles to within a fifth, in however many parts durations were counted', () => {
  const durations = fc.array(fc.double({ min: 0.06, max: 1e6, noNaN: true }), {
    minLength: 1,
    maxLength: 200,
  });
  fc.assert(
    fc.property(durations, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, part) => {
      const merged = new DurationCounts();
      for (const ms of all) {
        const one = new DurationCounts();
        one.add(ms, 1);
        merged.merge(one.take()!);
      }
      const exact = all.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(part * all.length - 1e-9) - 1)]!;
      expect(merged.quantile(part) / exact).toBeGreaterThan(0.999);
      expect(merged.quantile(part) / exact).toBeLessThan(1.2);
    }),
  );
});

it('has nothing to tell of nothing', () => {
  expect(new DurationCounts().take()).toBeUndefined();
  expect(new DurationCounts().quantile(0.5)).toBeNaN();
});
