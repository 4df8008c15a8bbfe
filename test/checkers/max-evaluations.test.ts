import { expect, it } from 'vitest';
import { maxEvaluations } from '../../src/checkers/max-evaluations.ts';
import { factsOf, setup } from './support.ts';

it('max-evaluations holds from the evaluation on that it names', () => {
  expect(maxEvaluations.create({ evaluations: 101 }, setup).examine(factsOf())).toEqual({
    holds: false,
    detail: '100 < 101',
  });
  expect(maxEvaluations.create({ evaluations: 100 }, setup).examine(factsOf())).toEqual({
    holds: true,
    detail: '100 >= 100',
  });
  expect(maxEvaluations.create({ evaluations: 1 }, setup).examine(factsOf({ evaluations: 0 })).holds).toBe(
    false,
  );
});

it('max-evaluations bounds the evaluations', () => {
  expect(maxEvaluations.create({ evaluations: 101 }, setup).budget).toBe(101);
});
