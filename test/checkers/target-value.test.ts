import { describe, expect, it } from 'vitest';
import type { ColumnFacts } from '../../src/checkers/contract.ts';
import { targetValue } from '../../src/checkers/target-value.ts';
import { factsOf, setup } from './support.ts';

function validation(name: string): ColumnFacts {
  return { best: name === 'extras.validation' ? 1.75 : NaN, spread: 0 };
}

describe('target-value', () => {
  it('holds at the target, and within the tolerance above it', () => {
    const facts = factsOf({ best: 1.5 });
    expect(targetValue.create({ target: 1.5, tolerance: 0, of: 'fx' }, setup).examine(facts)).toEqual({
      holds: true,
      detail: 'best 1.5 <= 1.5',
    });
    expect(targetValue.create({ target: 1.4, tolerance: 0.05, of: 'fx' }, setup).examine(facts)).toEqual({
      holds: false,
      detail: 'best 1.5 > 1.4 + 0.05',
    });
    expect(targetValue.create({ target: 1.4, tolerance: 0.2, of: 'fx' }, setup).examine(facts)).toEqual({
      holds: true,
      detail: 'best 1.5 <= 1.4 + 0.2',
    });
  });

  it('does not hold before there is a feasible value', () => {
    const checker = targetValue.create({ target: 1e9, tolerance: 0, of: 'fx' }, setup);
    expect(checker.examine(factsOf({ best: NaN }))).toEqual({ holds: false, detail: 'no value yet' });
  });

  it('looks at another column when told to', () => {
    const checker = targetValue.create({ target: 2, tolerance: 0, of: 'extras.validation' }, setup);
    expect(checker.columns).toEqual(['extras.validation']);
    expect(checker.examine(factsOf({ best: 3, column: validation }))).toEqual({
      holds: true,
      detail: 'extras.validation: best 1.75 <= 2',
    });
    // The column has no value yet.
    expect(checker.examine(factsOf({ best: 0 })).holds).toBe(false);
  });
});
