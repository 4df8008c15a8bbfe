import { describe, expect, it } from 'vitest';
import { bootstrapMean, holm, midranks, normalTail, quantile, wilcoxon } from '../../src/bench/statistics.ts';

/** Differences, and the p-value that SciPy 1.17.1 gives: `scipy.stats.wilcoxon(differences).pvalue`. */
const WILCOXON: readonly (readonly [string, readonly number[], number])[] = [
  ['few', [3.541, -1.056, 1.918, 0.932, 1.047, 1.284], 0.15625],
  ['no difference', [-1.52, 0.268, -0.365, 3.823, 0.726, 0.147, 0.219, -0.168, -0.555, 0.109], 0.845703125],
  [
    'a clear difference',
    [1.282, 0.561, 1.758, 0.6, 0.824, 2.346, 1.345, 0.295, 0.617, 1.341, 2.735, 0.53, 0.556, 1.802, -0.086],
    0.0001220703125,
  ],
  ['ties and a zero', [1, 2, 2, -1, 3, -2, 4, 0, 5, 3, -3, 6], 0.076171875],
  ['zeros', [0, 0, 0, 1], 1],
  [
    'so many that it is normal',
    [
      0.008, 1.183, 0.88, 0.392, 0.97, -2.528, 1.321, -0.66, -1.369, 0.576, 1.001, -0.145, -0.776, 0.326,
      0.247, 1.706, 1.047, 0.494, 1.412, 0.094, -0.626, 0.884, 0.883, 0.085, -0.483, 0.529, -2.194, 0.99,
      0.791, -1.339, 0.361, -0.664, 1.057, -1.734, -0.614, 1.01, 1.456, -1.858, -0.198, 0.628, -0.309, 1.891,
      -0.891, 0.655, -0.748, 1.706, 0.278, -0.072, -1.418, 1.982, 1.053, 1.054, 1.438, 0.649, -0.339, -0.5,
      -0.5, 1.67, -1.16, -0.296,
    ],
    0.10691799484887846,
  ],
  [
    'the same with ties and zeros',
    [
      0, 1, 2, -3, -5, 1, 4, 3, 1, 0, 1, 0, 3, -2, 1, 0, 2, 1, 8, 5, 5, -6, 0, -1, 2, -6, 4, 4, -3, -2, -2, 1,
      3, 7, 0, 3, 1, 6, 3, 5, -3, 0, -2, 5, 3, 0, -1, 2, -2, -2, 2, 8, 0, -1, -3, -3, 2, 3, 1, 2, 1, 1, -4,
      -1, 1, -2, -1, -2, 0, 3,
    ],
    0.05099157008944227,
  ],
];

describe('statistics', () => {
  it.each(WILCOXON)('gives the p-value of SciPy: %s', (_, differences, p) => {
    expect(wilcoxon(differences)).toBeCloseTo(p, 12);
    expect(wilcoxon(differences.map((one) => -one))).toBeCloseTo(p, 12);
  });

  it('finds no difference where there is none', () => {
    expect(wilcoxon([0, 0])).toBe(1);
    expect(wilcoxon([])).toBe(1);
  });

  it.each([
    // scipy.stats.norm.sf
    [0, 0.5],
    [0.5, 0.3085375387259869],
    [2, 0.02275013194817921],
    [3.5, 0.00023262907903552504],
    [6, 9.865876450376981e-10],
  ])('knows the tail of the normal distribution beyond %d', (z, tail) => {
    expect(normalTail(z) / tail).toBeCloseTo(1, 10);
  });

  it('corrects p-values as Holm', () => {
    // 5 * .005, 4 * .01, 3 * .03, then no smaller than that, .5
    expect(holm([0.01, 0.04, 0.03, 0.005, 0.5])).toEqual([0.04, 0.09, 0.09, 0.025, 0.5]);
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });

  it('shares ranks among ties, and interpolates quantiles as NumPy', () => {
    expect(midranks([3, 1, 3, 2])).toEqual([3.5, 1, 3.5, 2]);
    const sorted = [1, 1, 2, 3, 4, 5, 6, 9];
    expect([0.025, 0.5, 0.975].map((part) => quantile(sorted, part))).toEqual([
      1,
      3.5,
      expect.closeTo(8.475, 12),
    ]);
  });

  it('gives intervals that cover the truth as often as they say, by cluster', () => {
    // 24 clusters of 5 equal values each: the interval must be that of 24 values, not of 120.
    const values = Array.from({ length: 24 }, (_, i) => i / 23);
    const wide = bootstrapMean(
      values.map((value) => Array.from({ length: 5 }, () => value)),
      1,
    );
    const narrow = bootstrapMean([values.flatMap((value) => Array.from({ length: 5 }, () => value))], 1);
    // The standard error of the mean of 24 values that are spread evenly over [0, 1]: 0.3010 / sqrt(24).
    expect(wide[1] - wide[0]).toBeCloseTo((2 * 1.96 * 0.301) / Math.sqrt(24), 1.5);
    expect((wide[1] - wide[0]) / (narrow[1] - narrow[0])).toBeCloseTo(Math.sqrt(5), 0.5);
    expect(bootstrapMean([values], 7)).toEqual(bootstrapMean([values], 7));
  });
});
