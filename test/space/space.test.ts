import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FixedParameter, FreeParameter, Parameter } from '../../src/space/parameter.ts';
import { Space } from '../../src/space/space.ts';

const free = (rest: Partial<FreeParameter> = {}): FreeParameter => ({
  name: 'p',
  kind: 'free',
  type: 'real',
  scale: 'linear',
  min: 0,
  max: 1,
  ...rest,
});
const fixed = (value: number): FixedParameter => ({ name: 'c', kind: 'fixed', value });
const one = (parameter: Parameter, u: number): number =>
  new Space([parameter]).toTask(Float64Array.of(u))[0]!;

const ordered = (values: fc.Arbitrary<number>): fc.Arbitrary<{ min: number; max: number }> =>
  fc
    .tuple(values, values)
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) }));

/** Not so small that a quarter of it loses digits. */
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (Math.abs(x) < 1e-290 ? 0 : x));
const realLinear = ordered(finite).map((bounds) => free(bounds));
const realLog = ordered(fc.double({ min: 1e-300, max: 1e300, noNaN: true })).map((bounds) =>
  free({ ...bounds, scale: 'log' }),
);
const integerLinear = ordered(fc.integer()).map((bounds) => free({ ...bounds, type: 'integer' }));
const integerLog = ordered(fc.integer({ min: 1 })).map((bounds) =>
  free({ ...bounds, type: 'integer', scale: 'log' }),
);
const anyFree = fc.oneof(realLinear, realLog, integerLinear, integerLog);

/** The rounding errors of the two ways together, a fraction of the box: large where the box is narrow and far from 0. */
function resolution({ scale, min, max }: FreeParameter): number {
  const [low, high] = scale === 'log' ? [Math.log(min), Math.log(max)] : [min / 4, max / 4];
  return (
    (8 * Number.EPSILON * (Math.max(Math.abs(low), Math.abs(high)) + Number(scale === 'log'))) / (high - low)
  );
}

const unit = fc.double({ min: 0, max: 1, noNaN: true });

describe('one free parameter', () => {
  it('is exactly at its bounds at 0 and 1, and at the nearest bound outside', () => {
    fc.assert(
      fc.property(anyFree, (parameter) => {
        expect(one(parameter, 0)).toBe(parameter.min);
        expect(one(parameter, 1)).toBe(parameter.max);
        expect(one(parameter, -0.5)).toBe(parameter.min);
        expect(one(parameter, 1.5)).toBe(parameter.max);
      }),
    );
  });

  it('stays within its bounds, and an integer stays whole', () => {
    fc.assert(
      fc.property(anyFree, unit, (parameter, u) => {
        const x = one(parameter, u);
        expect(x).toBeGreaterThanOrEqual(parameter.min);
        expect(x).toBeLessThanOrEqual(parameter.max);
        if (parameter.type === 'integer') expect(Number.isInteger(x)).toBe(true);
      }),
    );
  });

  it('never decreases as its coordinate grows', () => {
    fc.assert(
      fc.property(anyFree, unit, unit, (parameter, u, v) => {
        // exp is not promised to be monotone in its last digit
        fc.pre(Math.abs(u - v) > 1e-12);
        expect(one(parameter, Math.min(u, v))).toBeLessThanOrEqual(one(parameter, Math.max(u, v)));
      }),
    );
  });

  it('comes back from task units: an integer exactly, a real one as nearly as numbers allow', () => {
    fc.assert(
      fc.property(anyFree, unit, (parameter, u) => {
        const space = new Space([parameter]);
        const x = space.toTask(Float64Array.of(u));
        const back = space.toUnit(x);
        expect(back[0]).toBeGreaterThanOrEqual(0);
        expect(back[0]).toBeLessThanOrEqual(1);
        if (parameter.type === 'integer') expect(space.toTask(back)).toEqual(x);
        else expect(Math.abs(back[0]! - u)).toBeLessThanOrEqual(resolution(parameter));
      }),
      { examples: [[free({ min: -Number.MAX_VALUE, max: Number.MAX_VALUE }), 0.25]] },
    );
  });

  it('moves by equal factors on a log scale', () => {
    const parameter = free({ min: 1e-3, max: 10, scale: 'log' });
    expect([0, 0.25, 0.5, 0.75, 1].map((u) => Number(one(parameter, u).toPrecision(12)))).toEqual([
      0.001, 0.01, 0.1, 1, 10,
    ]);
  });

  it('gives each integer an equal cell of the unit interval', () => {
    const parameter = free({ min: -2, max: 2, type: 'integer' });
    const counts = new Map<number, number>();
    for (let i = 0; i < 1000; i++) {
      const x = one(parameter, (i + 0.5) / 1000);
      counts.set(x, (counts.get(x) ?? 0) + 1);
    }
    expect(Object.is(one(parameter, 0.45), 0)).toBe(true);
    expect([...counts]).toEqual([-2, -1, 0, 1, 2].map((value) => [value, 200]));
    const space = new Space([parameter]);
    expect([-2, -1, 0, 1, 2].map((x) => space.toUnit(Float64Array.of(x))[0])).toEqual([
      0.1, 0.3, 0.5, 0.7, 0.9,
    ]);
  });

  it('cuts the cells of integers on a log scale halfway between them', () => {
    const parameter = free({ min: 1, max: 100, type: 'integer', scale: 'log' });
    const at = [1.49, 1.51, 9.49, 9.51].map((x) => Math.log(x / 0.5) / Math.log(100.5 / 0.5));
    expect(at.map((u) => one(parameter, u))).toEqual([1, 2, 9, 10]);
  });
});

describe('Space', () => {
  const parameters: readonly Parameter[] = [
    free({ name: 'k', min: 1e-3, max: 10, scale: 'log', initial: 0.1 }),
    { ...fixed(2.5), name: 'c' },
    free({ name: 'n', min: 1, max: 20, type: 'integer' }),
    free({ name: 'z', min: -1, max: 1, initial: 1 }),
  ];

  it('knows names, sizes, integer steps and initial values', () => {
    const space = new Space(parameters);
    expect(space.names).toEqual(['k', 'c', 'n', 'z']);
    expect([space.size, space.dimension]).toEqual([4, 3]);
    expect(space.steps).toEqual([0, 20, 0]);
    expect(space.initial).toEqual([expect.closeTo(0.5, 12), undefined, 1]);
  });

  it('puts fixed values in their places', () => {
    const space = new Space(parameters);
    expect([...space.toTask(Float64Array.of(0, 0, 0.5))]).toEqual([1e-3, 2.5, 1, 0]);
    expect([...space.toUnit(Float64Array.of(10, 99, 20, 0))]).toEqual([1, 0.975, 0.5]);
  });

  it('hands out arrays of their own', () => {
    const space = new Space(parameters);
    space.toTask(Float64Array.of(0, 0, 0)).fill(7);
    expect([...space.toTask(Float64Array.of(0, 0, 0))]).toEqual([1e-3, 2.5, 1, -1]);
  });

  it('refuses wrong lengths and NaN', () => {
    const space = new Space(parameters);
    expect(() => space.toTask(new Float64Array(4))).toThrow(
      'a point of the unit box has 3 coordinates, got 4',
    );
    expect(() => space.toUnit(new Float64Array(3))).toThrow('a point of the task has 4 coordinates, got 3');
    expect(() => space.toTask(Float64Array.of(0, NaN, 0))).toThrow(
      'coordinate 1 of a point of the unit box is NaN',
    );
  });
});
