import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/core/nearest.ts';

describe('nearest', () => {
  const names = ['populationSize', 'sigma0', 'tolFun', 'tolX', 'workers', 'evaluate'];

  it.each([
    ['popsize', 'populationSize'],
    ['popSize', 'populationSize'],
    ['population', 'populationSize'],
    ['sigma', 'sigma0'],
    ['worker', 'workers'],
    ['wokrers', 'workers'],
    ['tolfun', 'tolFun'],
    ['evalaute', 'evaluate'],
  ])('takes %s for %s', (word, expected) => {
    expect(nearest(word, names)).toBe(expected);
  });

  it.each(['foo', 'x', 'temperature', ''])('takes %j for nothing', (word) => {
    expect(nearest(word, names)).toBeUndefined();
  });
});
