import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JournalWriter, type Operation, readJournal } from '../../src/optimizers/journal.ts';

const id = fc.oneof(
  fc.nat(300),
  fc.nat({ max: 2 ** 31 - 1 }),
  fc.maxSafeNat().map((n) => n % 2 ** 49),
);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constant('ask' as const), limit: id, count: id }),
  fc.record({ kind: fc.constant('tell' as const), candidateIds: fc.array(id, { maxLength: 40 }) }),
  fc.record({ kind: fc.constant('inject' as const), callId: id }),
  fc.record({ kind: fc.constant('refuse' as const), candidateIds: fc.array(id, { maxLength: 40 }) }),
);

function write(operations: readonly Operation[]): Uint8Array {
  const writer = new JournalWriter();
  for (const one of operations) {
    if (one.kind === 'ask') writer.ask(one.limit, one.count);
    else if (one.kind === 'inject') writer.inject(one.callId);
    else
      writer[one.kind](one.candidateIds.map((candidateId) => ({ id: candidateId, x: new Float64Array() })));
  }
  return writer.take();
}

describe('the journal of an optimizer', () => {
  it('reads back what was written', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        expect(readJournal(write(operations))).toEqual(operations);
      }),
    );
  });

  it('gives each operation once', () => {
    const writer = new JournalWriter();
    writer.ask(3, 2);
    expect(writer.isEmpty).toBe(false);
    expect(readJournal(writer.take())).toHaveLength(1);
    expect(writer.isEmpty).toBe(true);
    expect(writer.take()).toHaveLength(0);
  });

  it('refuses damaged bytes with the place, and never hangs or allocates without bound', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          readJournal(bytes);
        } catch (error) {
          expect(error).toMatchObject({
            code: 'log-unusable',
            message: expect.stringMatching(/at byte \d+/),
          });
        }
      }),
      { numRuns: 2000 },
    );
    expect(() => readJournal(Uint8Array.of(9))).toThrow(
      'the journal of a batch has the unknown operation 9 at byte 0',
    );
    expect(() => readJournal(write([{ kind: 'ask', limit: 500, count: 5 }]).subarray(0, 2))).toThrow(
      'damaged at byte 2',
    );
    expect(() => readJournal(Uint8Array.of(2, 0xff, 0xff, 0xff, 0x7f, 1))).toThrow('damaged');
  });
});
