import { describe, expect, it } from 'vitest';
import sumOfSquares, { report } from '../../examples/el-nino.ts';

/** NIST's certified values, see examples/data/ENSO.dat. */
const CERTIFIED = [
  10.510749193, 3.0762128085, 0.53280138227, 44.3110887, -1.6231428586, 0.52554493756, 26.88761444,
  0.21232288488, 1.4966870418,
];

describe('the El Niño example', () => {
  it('has the certified residual sum of squares at the certified parameters', () => {
    expect(sumOfSquares(Float64Array.from(CERTIFIED))).toBeCloseTo(7.8853978668e2, 7);
  });

  it('has the same value when the two cycles are swapped', () => {
    const [b1, b2, b3, b4, b5, b6, b7, b8, b9] = CERTIFIED;
    const swapped = Float64Array.of(b1!, b2!, b3!, b7!, b8!, b9!, b4!, b5!, b6!);
    expect(sumOfSquares(swapped)).toBeCloseTo(7.8853978668e2, 7);
  });

  it('shows the periods beside the certified ones, in either order', () => {
    const text = report({ fx: 788.53979, parameters: { b4: 26.8876, b7: 44.3111 } });
    expect(text.split('\n').map((line) => line.trim().split(/\s{2,}/))).toEqual([
      ['found', 'certified'],
      ['long period, months', '44.3111', '44.3111'],
      ['short period, months', '26.8876', '26.8876'],
      ['sum of squares', '788.53979', '788.53979'],
    ]);
  });
});
