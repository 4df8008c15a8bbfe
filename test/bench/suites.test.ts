import { describe, expect, it } from 'vitest';
import { findSuite, hasResiduals, problemsOf, SUITE_NAMES, yardstickOf } from '../../src/bench/suites.ts';
import type { Yardstick } from '../../src/bench/problem.ts';
import { type Price, Tally, TARGETS } from '../../src/bench/targets.ts';
import type { PastEvaluation } from '../../src/log/contract.ts';

/** Evaluations with these values, all of them counted and feasible unless said otherwise. */
function logOf(values: readonly (number | Partial<PastEvaluation>)[]): readonly PastEvaluation[] {
  return values.map((value, i) => ({
    callId: i + 1,
    optimizerId: 1,
    candidateId: i + 1,
    fx: 0,
    status: 'ok',
    isCounted: true,
    violation: 0,
    error: undefined,
    extras: undefined,
    x: () => new Float64Array(),
    at: () => 0,
    ...(typeof value === 'number' ? { fx: value } : value),
  }));
}

function readHits(
  evaluations: readonly PastEvaluation[],
  yardstick: Yardstick,
  price?: Price,
): Tally['outcome'] {
  const tally = new Tally(yardstick, price);
  for (const evaluation of evaluations) tally.add(evaluation);
  return tally.outcome;
}

const plain = { optimum: 0, scale: 1, precision: 0 };

describe('suites', () => {
  it.each(SUITE_NAMES)('%s: every usual problem exists once, and its optimum is known', (name) => {
    const suite = findSuite(name);
    const problems = problemsOf(suite, {});
    expect(new Set(problems.map((problem) => JSON.stringify(problem.task))).size).toBe(problems.length);
    for (const problem of problems.slice(0, 100)) {
      const { optimum, scale } = yardstickOf(suite, problem);
      expect(Number.isFinite(optimum)).toBe(true);
      expect(scale).toBeGreaterThan(0);
    }
  });

  it('has the sizes that it should have', () => {
    const sizes = SUITE_NAMES.map((name) => problemsOf(findSuite(name), {}).length);
    // 24 x 15 x 3; 50 x 3; the data sets; 5 to 13 atoms; the original's without noise, where they exist.
    expect(sizes.slice(0, 6)).toEqual([1080, 150, 12, 12, 9, 9]);
    expect(sizes[6]).toBeGreaterThan(300);
  });

  it('has the regressions also for those who are told a value alone', () => {
    const told = ['nist', 'nist-scalar'].map((name) => problemsOf(findSuite(name), {}).map(hasResiduals));
    expect(new Set(told[0])).toEqual(new Set([true]));
    expect(new Set(told[1])).toEqual(new Set([false]));
  });

  it('takes parts, in their order', () => {
    const problems = problemsOf(findSuite('bbob'), {
      functions: ['3', '1'],
      dimensions: [2],
      instances: [7],
    });
    expect(problems.map(({ task }) => task)).toEqual([
      { benchmark: 'bbob', function: 3, dimension: 2, instance: 7 },
      { benchmark: 'bbob', function: 1, dimension: 2, instance: 7 },
    ]);
    const classics = problemsOf(findSuite('classic'), {
      functions: ['easom', 'ackley'],
      dimensions: [2, 3],
      instances: [0],
    });
    expect(classics.map(({ task }) => task)).toEqual([
      { benchmark: 'easom', dimension: 2 },
      { benchmark: 'ackley', dimension: 2 },
      { benchmark: 'ackley', dimension: 3 },
    ]);
  });
});

describe('hits', () => {
  it('are the counted evaluations at which targets were first reached', () => {
    const { hits, best, evaluations } = readHits(
      logOf([1000, 100, { fx: -5, isCounted: false }, 1e-1, { fx: NaN, status: 'failed' }, 1]),
      { ...plain, optimum: -5.5 },
    );
    // 1005.5, 105.5, an uncounted 0.5, 5.6, nothing, 6.5.
    expect([best, evaluations]).toEqual([0.5, 5]);
    expect(hits.filter((hit) => hit !== null)).toEqual(Array.from({ length: 12 }, () => 2));
    expect(TARGETS[11]).toBeGreaterThan(0.5);
    expect(TARGETS[12]).toBeLessThan(0.5);
  });

  it('cost more with a gradient, and what the budget does not cover is left out', () => {
    const gradient = { extras: { gradient: [1] } };
    const evaluations = logOf([{ fx: 50, ...gradient }, 5, { fx: 0.5, ...gradient }, 0.05]);
    const within = (budget: number): readonly unknown[] => {
      const { best, evaluations: spent, hits } = readHits(evaluations, plain, { budget, gradientCost: 2 });
      return [best, spent, [...new Set(hits)]];
    };
    expect(within(6)).toEqual([0.05, 6, [2, 3, 5, 6, null]]);
    expect(within(5)).toEqual([0.5, 5, [2, 3, 5, null]]);
    // The third would need two.
    expect(within(4)).toEqual([5, 4, [2, 3, null]]);
  });

  it('leave out infeasible points, and count from the first evaluation', () => {
    const { hits } = readHits(logOf([{ fx: 0, violation: 1 }, 50, 0]), plain);
    expect(new Set(hits)).toEqual(new Set([2, 3]));
    expect(hits.at(-1)).toBe(3);
  });

  it('are parts of the optimum, and no finer than it is known, where the suite says so', () => {
    const relative = readHits(logOf([30]), { optimum: 10, scale: 10, precision: 0 });
    expect(relative.best).toBe(2);
    const coarse = readHits(logOf([9e-7]), { ...plain, precision: 1e-6 });
    expect(coarse.hits).toEqual(TARGETS.map(() => 1));
    expect(readHits(logOf([1.1e-6]), { ...plain, precision: 1e-6 }).hits.at(-1)).toBe(null);
  });

  it('are none without a value', () => {
    expect(readHits(logOf([{ fx: NaN }]), plain)).toEqual({
      best: null,
      evaluations: 1,
      hits: TARGETS.map(() => null),
    });
  });
});
