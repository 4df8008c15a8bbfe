import { describe, expect, it } from 'vitest';
import { compare } from '../../src/bench/compare.ts';
import { distributionOf } from '../../src/bench/curves.ts';
import { expectedRunningTime, type Score, score, type Solved } from '../../src/bench/results.ts';
import { wilcoxon } from '../../src/bench/statistics.ts';

const run = (hits: readonly (number | null)[], evaluations = 100, name = '1', instance = 1): Solved => ({
  function: name,
  dimension: 5,
  instance,
  evaluations,
  hits,
});

describe('scores', () => {
  it('are shares, and areas over log evaluations from 1 to the budget', () => {
    const { share, area } = score([run([1, 10, 100, null])], 100);
    expect(share).toBe(0.75);
    expect(area).toBeCloseTo((1 + 0.5 + 0) / 4, 12);
  });

  it('know nothing of what came after the budget', () => {
    const { share, area, runs } = score([run([1, 10, 100, 1000], 1000)], 100);
    expect([share, runs[0]!.evaluations]).toEqual([0.75, 100]);
    expect(area).toBeCloseTo(1.5 / 4, 12);
  });

  it('are the areas under the curves that are drawn', () => {
    const scores = [
      score([run([1, 3, 40, null]), run([2, 2, null, null])], 100),
      score([run([5, 60, 70, 99])], 100),
    ];
    const points = distributionOf(scores);
    const under = points.reduce(
      (sum, { evaluations, share }, i) =>
        sum + share * (Math.log(points[i + 1]?.evaluations ?? evaluations) - Math.log(evaluations)),
      0,
    );
    expect(under / Math.log(100)).toBeCloseTo((scores[0]!.area + scores[1]!.area) / 2, 12);
    expect(points.at(-1)).toEqual({ evaluations: 100, share: expect.closeTo((5 / 8 + 1) / 2, 12) });
  });

  it('tell expected running times', () => {
    const runs = [run([5]), run([15]), run([null], 100)];
    expect(expectedRunningTime(runs, 0)).toBe(60);
    expect(expectedRunningTime([run([null])], 0)).toBe(null);
  });
});

const scoresOf = (hits: (name: number, instance: number) => number | null): readonly Score[] =>
  Array.from({ length: 60 }, (_, i) => {
    const [name, instance] = [1 + (i % 4), 1 + Math.floor(i / 4)];
    return score([run([hits(name, instance)], 1000, String(name), instance)], 1000);
  });

describe('comparisons', () => {
  it('find nothing between equals', () => {
    const scores = scoresOf((name, instance) => name * instance);
    const { byArea, byShare, areaDifference, functions } = compare(scores, scores, 1)!;
    for (const { value, interval } of [byArea, byShare])
      expect([value, ...interval]).toEqual([0.5, 0.5, 0.5]);
    expect(areaDifference.value).toBe(0);
    expect(functions.map(({ pHolm }) => pHolm)).toEqual([1, 1, 1, 1]);
  });

  it('count who is better, and test by function', () => {
    // Better on functions 1 to 3, worse on 4; on function 1 by reaching what the other does not.
    const one = scoresOf((name, instance) => (name === 4 ? 500 : 10 + instance));
    const other = scoresOf((name, instance) => (name === 1 ? null : 100 + instance));
    const { problems, byArea, byShare, functions } = compare(one, other, 1)!;
    expect(problems).toBe(60);
    expect([byArea.value, byShare.value]).toEqual([0.75, 0.625]);
    expect(byArea.interval).toEqual([0.25, 1]);
    // 15 differences with one sign: 2 / 2^15, times 4 functions.
    for (const { p, pHolm } of functions) {
      expect(p).toBeCloseTo(2 ** -14, 12);
      expect(pHolm).toBeCloseTo(2 ** -12, 12);
    }
    expect(functions.map(({ difference }) => Math.sign(difference))).toEqual([1, 1, 1, -1]);
    expect(functions[1]!.p).toBe(wilcoxon(Array.from({ length: 15 }, (_, i) => i + 1)));
  });

  it('look at what both have', () => {
    const few = scoresOf(() => 1).slice(0, 5);
    expect(
      compare(
        few,
        scoresOf(() => 2),
        1,
      )!.problems,
    ).toBe(5);
    expect(compare(few, [], 1)).toBe(undefined);
  });
});
