import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluationContext } from '../../src/tasks/context.ts';
import type { Outcome, TaskFunction } from '../../src/tasks/contract.ts';
import { evaluateTask } from '../../src/tasks/evaluate.ts';
import { LOSSES, type ResidualRule, sumOfSquares, weightedResiduals } from '../../src/tasks/residuals.ts';

function evaluate(returned: unknown, residuals?: readonly ResidualRule[], wantsGradient = false): Outcome {
  const x = Float64Array.of(1, 2);
  const setup = { names: ['a', 'b'], seed: 7, optimizerId: 3, wantsGradient };
  const task = { evaluate: (() => returned) as TaskFunction, ...(residuals ? { residuals } : {}) };
  return evaluateTask(task, x, evaluationContext(setup, 5, x, new AbortController())) as Outcome;
}

const rule = (name: string, more: Partial<ResidualRule> = {}): ResidualRule => ({
  name,
  weight: 1,
  loss: 'linear',
  scale: 1,
  ...more,
});

describe('a task that returns residuals', () => {
  it('is worth the sum of their squares, and has them logged', () => {
    expect(evaluate({ residuals: [1, -2, 2] })).toEqual({
      status: 'ok',
      fx: 9,
      extras: { residuals: [1, -2, 2] },
    });
    expect(evaluate({ residuals: Float64Array.of(3), extras: { rmse: 3 } })).toEqual({
      status: 'ok',
      fx: 9,
      extras: { rmse: 3, residuals: [3] },
    });
  });

  it('has blocks, each with a weight and a loss of its own', () => {
    const residuals = { energies: [1, 2], forces: [10] };
    expect(evaluate({ residuals }).fx).toBe(105);
    expect(evaluate({ residuals }, [rule('energies', { weight: 3 })]).fx).toBeCloseTo(115, 12);
    // huber: scale^2 (2 |r / scale| - 1)
    expect(evaluate({ residuals }, [rule('forces', { loss: 'huber', scale: 2 })]).fx).toBeCloseTo(5 + 36, 12);
    expect(evaluate({ residuals }, [rule('stress')]).error).toBe(
      'task returned no residuals named stress, which task.residuals has; its blocks are energies, forces',
    );
  });

  it.each([
    [{ residuals: [1], value: 1 }, /^task returned both value and residuals/],
    [{ residuals: [] }, /^task returned no residual at all/],
    [{ residuals: 'abc' }, /^task returned residuals that are neither a list/],
    [{ residuals: [1, NaN] }, /^task returned residuals that are neither a list/],
    [{ residuals: [1e200] }, /^task returned residuals whose squares sum up to Infinity/],
    [{ residuals: { a: 1 } }, /^task returned residuals that are neither a list/],
    [{ residuals: [1], extras: { residuals: [2] } }, /^task returned residuals and extras.residuals/],
  ])('fails its evaluation with %j', (returned, error) => {
    expect(evaluate(returned)).toMatchObject({ status: 'failed', error: expect.stringMatching(error) });
  });

  it('must return them where their weights are given', () => {
    for (const returned of [1, { value: 1 }])
      expect(evaluate(returned, [rule('a')])).toMatchObject({
        status: 'failed',
        error: expect.stringContaining('task.residuals'),
      });
  });

  it('has a gradient logged where the optimizer can use it, and else not', () => {
    const returned = { value: 1, gradient: Float64Array.of(1, 2) };
    expect(evaluate(returned).extras).toBeUndefined();
    expect(evaluate(returned, undefined, true).extras).toEqual({ gradient: [1, 2] });
    expect(evaluate({ value: 1, gradient: [NaN, 1] }, undefined, true)).toMatchObject({ status: 'failed' });
  });
});

describe('losses', () => {
  it('are the square for small residuals, never more, and grow', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...LOSSES),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        (loss, r, scale) => {
          const cost = (value: number): number =>
            sumOfSquares(weightedResiduals([value], [rule('residuals', { loss, scale })]));
          expect(cost(r)).toBeLessThanOrEqual(r * r * (1 + 1e-12));
          expect(cost(2 * r)).toBeGreaterThanOrEqual(cost(r));
          expect(cost(-r)).toBe(cost(r));
          const small = 1e-5 * scale;
          expect(cost(small) / small ** 2).toBeCloseTo(1, 8);
        },
      ),
    );
  });
});
