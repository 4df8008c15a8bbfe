import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodePoints,
  decodeReplies,
  encodePoints,
  encodeReplies,
} from '../../../src/backends/cluster/evaluations.ts';
import { decodeFrame, encodeFrame } from '../../../src/backends/cluster/frame.ts';

const SETUP = { optimizerId: 3, wantsGradient: true, retries: 1, timeoutSeconds: 2.5 };

/** As bytes arrive: anywhere in a buffer. */
function shifted(bytes: Uint8Array, by: number): Uint8Array {
  const buffer = new Uint8Array(bytes.length + by);
  buffer.set(bytes, by);
  return buffer.subarray(by);
}

const reply = (block: readonly number[], others: object = {}): Uint8Array =>
  encodeFrame({ worker: 'w', others: others as never }, Float64Array.from(block));

describe('a message of the cluster', () => {
  it('has any numbers and any JSON, wherever its bytes lie', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.float64Array(),
        fc.nat(7),
        (header, block, by) => {
          const found = decodeFrame(shifted(encodeFrame(header as never, block), by));
          expect(found).toEqual({ header, block });
        },
      ),
      { seed: 1 },
    );
    const odd = { a: [Number.NaN, -0, Infinity, { b: -Infinity }] };
    expect(decodeFrame(encodeFrame(odd, new Float64Array()))).toMatchObject({ header: odd });
  });

  it('is refused when it is none, whatever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          expect(decodeFrame(bytes).header).toBeTypeOf('object');
        } catch (error) {
          expect(error).toMatchObject({ code: 'protocol-violation' });
        }
      }),
      { seed: 2, numRuns: 500 },
    );
  });

  it('has points with their cutoffs, and whose they are', () => {
    const jobs = [
      { candidateId: 7, x: new Float64Array([1, -0]), cutoff: 5 },
      { candidateId: 8, x: new Float64Array([Number.NaN, 2]), cutoff: Infinity },
    ];
    expect(decodePoints(shifted(encodePoints(SETUP, jobs), 3), 2)).toEqual({ setup: SETUP, jobs });
    const { timeoutSeconds: _, ...unlimited } = SETUP;
    expect(decodePoints(encodePoints(unlimited, jobs), 2).setup).toEqual(unlimited);
    expect(() => decodePoints(encodePoints(SETUP, jobs), 3)).toThrow(/have 2 parameters, those here 3/);
  });

  it('has replies of every kind, of the points that were asked for and no others', () => {
    const times = { startedAt: 1e12 + 0.25, durationMs: 3.5, worker: 'host 4711' };
    const replies = [
      { candidateId: 1, attempts: 1, outcome: { status: 'ok', fx: 2 }, ...times },
      { candidateId: 2, attempts: 2, outcome: { status: 'failed', fx: Number.NaN, error: 'no' }, ...times },
      {
        candidateId: 3,
        attempts: 1,
        outcome: { status: 'ok', fx: 4, violation: 1, extras: { r: [1, Number.NaN] } },
        ...times,
      },
    ] as const;
    const jobs = replies.map(({ candidateId }) => ({ candidateId, x: new Float64Array() }));
    const bytes = encodeReplies('host 4711', replies);
    expect(decodeReplies(bytes, jobs)).toEqual(replies);
    expect(() => decodeReplies(bytes, jobs.slice(1))).toThrow(/not as many replies/);
    expect(() => decodeReplies(bytes, jobs.toReversed())).toThrow(/has candidate 1 where 3 was asked for/);
  });

  it('is refused when what it says of an evaluation is none that there is', () => {
    const jobs = [{ candidateId: 1, x: new Float64Array() }];
    expect(decodeReplies(reply([1, 2, 0, 1, 1]), jobs)[0]!.outcome).toEqual({ status: 'ok', fx: 2 });
    for (const nonsense of [
      reply([1, Number.NaN, 0, 1, 1]),
      reply([1, 2, Number.NaN, 1, 1]),
      reply([1, 2, 0, -1, 1]),
      reply([1, 2, 0, 1, 1e9]),
      reply([1, 2, 0, 1, 1], { 0: { status: 'failed' } }),
      reply([1, 2, 0, 1, 1], { 0: { violation: 'x' } }),
      reply([1, 2, 0, 1, 1], { 0: { extras: 5 } }),
      reply([1, Number.NaN, 0, 1, 1], { 0: { status: 'failed', error: {} } }),
      reply([1, 2, 0, 1, 1], { 0: null }),
    ])
      expect(() => decodeReplies(nonsense, jobs)).toThrow(
        expect.objectContaining({ code: 'protocol-violation' }),
      );
  });
});
