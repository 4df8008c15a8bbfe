import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawAt, philox, RandomStream, wordsAt } from '../../src/core/random.ts';
import { AREA, density, EDGES, HEIGHTS, TAIL } from '../../src/core/ziggurat.ts';
import { normalCdf } from '../../src/optimizers/math/normal.ts';

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

describe('the ziggurat', () => {
  it('has layers of one area, of which the uppermost ends at the top of the density', () => {
    for (let i = 1; i < EDGES.length - 1; i++)
      expect((EDGES[i]! * (HEIGHTS[i + 1]! - HEIGHTS[i]!)) / AREA).toBeCloseTo(1, 9);
    const beyond = Math.sqrt(2 * Math.PI) * normalCdf(-TAIL);
    expect((TAIL * density(TAIL) + beyond) / AREA).toBeCloseTo(1, 9);
    expect(EDGES.at(-1)).toBe(0);
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

  it('draws as many normal values at once as one by one', () => {
    const [one, other] = [RandomStream.at(3, 'normals'), RandomStream.at(3, 'normals')];
    const [all, single] = [new Float64Array(5000), new Float64Array(5000)];
    one.normals(all, 0, 1);
    one.normals(all, 1, 4999);
    for (let i = 0; i < 5000; i++) other.normals(single, i, 1);
    expect(all).toEqual(single);
    expect(one.state).toEqual(other.state);
  });

  it('draws normal values at once that are normal: 200 cells of one probability, the moments, and the tails that have a way of their own', () => {
    const n = 1_000_000;
    const values = new Float64Array(n);
    RandomStream.at(6, 'normals').normals(values, 0, n);
    const cells = new Uint32Array(200);
    const moments = new Float64Array(4);
    let [beyond, positive] = [0, 0];
    for (const z of values) {
      cells[Math.min(199, Math.floor(200 * normalCdf(z)))]!++;
      for (let k = 0, product = z; k < 4; k++, product *= z) moments[k]! += product / n;
      if (Math.abs(z) > TAIL) beyond++;
      if (z > 0) positive++;
    }
    // Five standard errors each; chi-squared with 199 degrees of freedom.
    const chiSquared = cells.reduce((sum, count) => sum + (count - n / 200) ** 2 / (n / 200), 0);
    expect(Math.abs(chiSquared - 199)).toBeLessThan(5 * Math.sqrt(2 * 199));
    for (const [k, [expected, variance]] of [
      [0, 1],
      [1, 2],
      [0, 15],
      [3, 96],
    ].entries() as ArrayIterator<[number, [number, number]]>)
      expect(Math.abs(moments[k]! - expected)).toBeLessThan(5 * Math.sqrt(variance / n));
    const tails = 2 * n * normalCdf(-TAIL);
    expect(Math.abs(beyond - tails)).toBeLessThan(5 * Math.sqrt(tails));
    expect(Math.abs(positive - n / 2)).toBeLessThan(5 * Math.sqrt(n / 4));
  });

  it('gives independent streams to neighbours', () => {
    const first = wordsAt(1, 'optimizer', 1, 0);
    expect(wordsAt(1, 'optimizer', 2, 0)).not.toEqual(first);
    expect(wordsAt(2, 'optimizer', 1, 0)).not.toEqual(first);
  });
});
