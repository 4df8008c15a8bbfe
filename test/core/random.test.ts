import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawAt, philox, RandomStream, wordsAt } from '../../src/core/random.ts';

describe('philox', () => {
  // Known answers of the Random123 library, philox4x32 with 10 rounds.
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)('gives the known answer for counter %j and key %j', (counter, key, expected) => {
    expect(philox(counter, key)).toEqual(expected);
  });
});

describe('drawAt', () => {
  it('depends on each of seed, path and both numbers, and on nothing else', () => {
    const draw = drawAt(42, 'hunters.any[0]', 500, 3);
    expect(drawAt(42, 'hunters.any[0]', 500, 3)).toBe(draw);
    expect(drawAt(43, 'hunters.any[0]', 500, 3)).not.toBe(draw);
    expect(drawAt(42 + 2 ** 32, 'hunters.any[0]', 500, 3)).not.toBe(draw);
    expect(drawAt(42, 'hunters.any[1]', 500, 3)).not.toBe(draw);
    expect(drawAt(42, 'hunters.any[0]', 501, 3)).not.toBe(draw);
    expect(drawAt(42, 'hunters.any[0]', 500 + 2 ** 32, 3)).not.toBe(draw);
    expect(drawAt(42, 'hunters.any[0]', 500, 4)).not.toBe(draw);
  });

  it('is uniform: 100 equal cells are hit as often as chance has it (chi-squared, 99 degrees of freedom, p > 1e-6)', () => {
    const cells = new Uint32Array(100);
    for (let i = 0; i < 100_000; i++) cells[Math.floor(100 * drawAt(1, 'test', i, 0))]!++;
    const chiSquared = cells.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquared).toBeLessThan(180);
    expect(chiSquared).toBeGreaterThan(45);
  });
});

describe('RandomStream', () => {
  it('continues with the same numbers from its state', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(50), (seed, skipped) => {
        const stream = RandomStream.at(seed, 'test');
        for (let i = 0; i < skipped; i++) stream.normal();
        const copy = new RandomStream(stream.state);
        for (let i = 0; i < 20; i++) expect(copy.normal()).toBe(stream.normal());
      }),
    );
  });

  it('follows the reference of xoshiro128** by Blackman and Vigna', () => {
    // From the state 1, 2, 3, 4, worked out by hand: rotl(s1 * 5, 7) * 9, then the linear engine.
    const stream = new RandomStream([1, 2, 3, 4]);
    expect([stream.word(), stream.word(), stream.word()]).toEqual([11520, 0, 5927040]);
  });

  it('leaves the all-zero state, in which the generator would stay', () => {
    const stream = new RandomStream([0, 0, 0, 0]);
    expect(new Set(Array.from({ length: 8 }, () => stream.word())).size).toBeGreaterThan(4);
  });

  it('draws normal values with mean 0, variance 1, and the tails of a normal distribution', () => {
    const stream = RandomStream.at(5, 'normal');
    const n = 200_000;
    let sum = 0;
    let squares = 0;
    let beyondTwo = 0;
    for (let i = 0; i < n; i++) {
      const z = stream.normal();
      sum += z;
      squares += z * z;
      if (Math.abs(z) > 2) beyondTwo++;
    }
    // Five standard errors each.
    expect(Math.abs(sum / n)).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(squares / n - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(beyondTwo / n - 0.0455)).toBeLessThan(5 * Math.sqrt((0.0455 * 0.9545) / n));
  });

  it('gives independent streams to neighbours', () => {
    const first = wordsAt(1, 'optimizer', 1, 0);
    expect(wordsAt(1, 'optimizer', 2, 0)).not.toEqual(first);
    expect(wordsAt(2, 'optimizer', 1, 0)).not.toEqual(first);
  });
});
