import { describe, expect, it } from 'vitest';
import { Translation } from '../../src/manager/translation.ts';
import type { Parameter } from '../../src/space/parameter.ts';
import { Space } from '../../src/space/space.ts';

const PARAMETERS: readonly Parameter[] = [
  { name: 'a', kind: 'free', type: 'real', scale: 'linear', min: -5, max: 5 },
  { name: 'n', kind: 'free', type: 'integer', scale: 'linear', min: 1, max: 9 },
  { name: 'c', kind: 'fixed', value: 2.5 },
  { name: 't', kind: 'tied', expression: 'a + n' },
];
const space = new Space(PARAMETERS, ['a < n']);
const named = (...names: readonly string[]): { name: string; at: number }[] =>
  names.map((name, at) => ({ name, at }));

describe('points of another run', () => {
  it('are found by name, in whatever order, and tied values are made anew', () => {
    const translation = new Translation(space, named('n', 'x', 'c', 'a'));
    expect(translation.translate(Float64Array.of(3, 99, 2.5, 0.25))).toEqual(
      Float64Array.of(0.25, 3, 2.5, 3.25),
    );
  });

  it.each([
    ['outside', [6, 3, 2.5, 9]],
    ['outside', [0, 0, 2.5, 0]],
    ['outside', [0, 2.5, 2.5, 2.5]],
    ['outside', [NaN, 2, 2.5, 2]],
    ['fixed', [0, 2, 2.6, 2]],
    ['tied', [0, 2, 2.5, 2.001]],
    ['constraints', [3, 2, 2.5, 5]],
  ])('are left out when they are none of this run: %s', (why, x) => {
    expect(new Translation(space, named('a', 'n', 'c', 't')).translate(Float64Array.from(x))).toBe(why);
  });

  it('may differ from what an expression gives by rounding', () => {
    const translation = new Translation(space, named('a', 'n', 'c', 't'));
    expect(translation.translate(Float64Array.of(0.1, 2, 2.5, 2.1 + 1e-12))).toEqual(
      Float64Array.of(0.1, 2, 2.5, 0.1 + 2),
    );
  });
});
