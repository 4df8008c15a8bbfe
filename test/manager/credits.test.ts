import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CreditPurse } from '../../src/backends/credit-purse.ts';
import { CreditLedger } from '../../src/manager/credits.ts';

describe('the credit ledger', () => {
  it('keeps rows + outstanding credits within the budget, whatever hosts do', () => {
    const step = fc.record({
      kind: fc.constantFrom('grant', 'use', 'return', 'close'),
      id: fc.integer({ min: 1, max: 3 }),
      count: fc.nat(20),
    });
    fc.assert(
      fc.property(fc.nat(100), fc.array(step, { maxLength: 80 }), (budget, steps) => {
        const ledger = new CreditLedger(budget);
        const returned = new Map<number, number>();
        for (const id of [1, 2, 3]) {
          ledger.open(id);
          returned.set(id, 0);
        }
        let rows = 0;
        let calls = 0;
        for (const { kind, id, count } of steps) {
          const given = returned.get(id)!;
          if (kind === 'grant') {
            if (count <= ledger.grantable) ledger.grant(id, count);
            else expect(() => ledger.grant(id, count)).toThrow('only');
          } else if (kind === 'close') {
            ledger.close(id);
            ledger.open(id);
            returned.set(id, 0);
          } else {
            const [used, back] = kind === 'use' ? [count, given] : [0, given + count];
            if (ledger.covers(id, used, back)) {
              ledger.settle(id, used + 1, used, back);
              rows += used;
              calls += used + 1;
              returned.set(id, back);
            } else
              expect(() => {
                ledger.settle(id, used, used, back);
              }).toThrow('more evaluations than it had credits for');
          }
          expect(ledger.counted).toBe(rows);
          expect(ledger.calls).toBe(calls);
          expect(ledger.outstanding).toBe([1, 2, 3].reduce((sum, one) => sum + ledger.outstandingOf(one), 0));
          expect(ledger.counted + ledger.outstanding).toBeLessThanOrEqual(budget);
          expect(ledger.grantable).toBe(budget - ledger.counted - ledger.outstanding);
        }
      }),
    );
  });
});

describe("a host's purse", () => {
  it('changes nothing when a message comes twice or late', () => {
    const purse = new CreditPurse();
    purse.grant(10);
    purse.grant(10);
    purse.grant(4);
    expect(purse.available).toBe(10);
    purse.use(3);
    purse.revoke(1);
    purse.revoke(1);
    expect([purse.available, purse.returned]).toEqual([0, 7]);
    purse.grant(12);
    expect(purse.available).toBe(2);
    expect(() => {
      purse.use(3);
    }).toThrow('3 evaluations were to start with 2 credits');
  });
});
