import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CreditLedger } from '../../src/manager/credits.ts';
import { type Claimant, grantCredits } from '../../src/manager/granting.ts';

const claimant = (id: number, batchSize: number, workers: number, rate = 0): Claimant => ({
  id,
  batchSize,
  rate,
  use: { workers, evaluate: 'threads' },
  grant: () => {},
});

function open(budget: number, claimants: readonly Claimant[]): CreditLedger {
  const credits = new CreditLedger(budget);
  for (const { id } of claimants) credits.open(id);
  return credits;
}

describe('granting credits', () => {
  it('gives each optimizer an iteration and something for all its workers to begin with next', () => {
    const all = [claimant(1, 10, 4), claimant(2, 4, 4), claimant(3, 1, 1)];
    const credits = open(1e6, all);
    grantCredits(all, 3, credits);
    expect(all.map(({ id }) => credits.outstandingOf(id))).toEqual([10, 8, 2]);
  });

  it('gives a fast one what it needs for a while, longer where other machines evaluate', () => {
    const here = claimant(1, 1, 1, 2000);
    const elsewhere: Claimant = { ...claimant(2, 1, 1, 2000), use: { workers: 1, evaluate: 'cluster' } };
    const credits = open(1e6, [here, elsewhere]);
    grantCredits([here, elsewhere], 2, credits);
    expect([1, 2].map((id) => credits.outstandingOf(id))).toEqual([200, 800]);
  });

  it('keeps most of a small budget for those that are still starting', () => {
    const first = claimant(1, 16, 8);
    const credits = open(64, [first]);
    grantCredits([first], 4, credits);
    expect(credits.outstandingOf(1)).toBe(16);
  });

  it('shares the last evaluations by workers, so that all end together', () => {
    const all = [claimant(1, 16, 16), claimant(2, 8, 8)];
    const credits = open(30, all);
    credits.grant(1, 18);
    grantCredits(all, 2, credits);
    expect(all.map(({ id }) => credits.outstandingOf(id))).toEqual([20, 10]);
    credits.settle(1, 16, 16, 0);
    credits.settle(2, 2, 2, 0);
    expect(grantCredits(all, 2, credits)).toEqual([]);
  });

  it('never gives more than there is', () => {
    const some = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 20 }), fc.nat(1e6)),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(fc.nat(500), some, fc.nat(3), (budget, shapes, starting) => {
        const all = shapes.map(([batch, workers, rate], i) => claimant(i + 1, batch, workers, rate));
        const credits = open(budget, all);
        let left = -1;
        while (credits.grantable !== left) {
          left = credits.grantable;
          grantCredits(all, all.length + starting, credits);
          expect(credits.grantable).toBeGreaterThanOrEqual(0);
        }
        const total = all.reduce((sum, { id }) => sum + credits.outstandingOf(id), 0);
        expect(total).toBe(credits.outstanding);
      }),
    );
  });
});
