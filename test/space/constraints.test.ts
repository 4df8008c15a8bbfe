import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FreeParameter, Parameter } from '../../src/space/parameter.ts';
import { Refusals } from '../../src/space/refusals.ts';
import { Space } from '../../src/space/space.ts';

const free = (name: string, rest: Partial<FreeParameter> = {}): FreeParameter => ({
  name,
  kind: 'free',
  type: 'real',
  scale: 'linear',
  min: -5,
  max: 5,
  ...rest,
});
const tied = (name: string, expression: string, bounds: { min?: number; max?: number } = {}): Parameter => ({
  name,
  kind: 'tied',
  expression,
  ...bounds,
});

const PARAMETERS: readonly Parameter[] = [
  tied('last', 'sum * 2 + c'),
  free('q1'),
  tied('sum', '-q1 - q2', { min: -4, max: 4.5 }),
  free('q2', { min: 1e-3, max: 10, scale: 'log' }),
  { name: 'c', kind: 'fixed', value: 2.5 },
  free('n', { min: 1, max: 9, type: 'integer' }),
];
const unit = fc.integer({ min: 0, max: 1e6 }).map((n) => n / 1e6);
const point = fc.tuple(unit, unit, unit).map((coordinates) => Float64Array.from(coordinates));

describe('tied parameters', () => {
  it('follow from the others exactly, in whatever order they were written', () => {
    const space = new Space(PARAMETERS);
    expect([space.size, space.dimension]).toEqual([6, 3]);
    fc.assert(
      fc.property(point, (u) => {
        const x = space.toTask(u);
        const [last, q1, sum, q2, c] = x as unknown as [number, number, number, number, number];
        expect(sum).toBe(-q1 - q2 + 0);
        expect(last).toBe(sum * 2 + c + 0);
        expect(space.withTies(x.with(0, NaN).with(2, 99))).toEqual(x);
        // What they were is not looked at.
        expect(space.toUnit(x.with(0, 7))).toEqual(space.toUnit(x));
      }),
    );
  });

  it('are never -0', () => {
    const space = new Space([free('a'), tied('b', '-a')]);
    expect(space.toTask(Float64Array.of(0.5))[1]).toBe(0);
  });

  it('refuse a point where they are no number', () => {
    const space = new Space([free('a', { min: 0, max: 1 }), tied('b', 'log(a)', { min: -10 })]);
    expect(space.violation(space.toTask(Float64Array.of(0.5)))).toBe(0);
    expect(space.breaches(Float64Array.of(0, -Infinity)).map(({ limit }) => limit.text)).toEqual([
      'b is a finite number',
      'b >= -10',
    ]);
    expect(space.violation(Float64Array.of(0, NaN))).toBe(2000);
  });
});

describe('violation', () => {
  const constraints = ['q1 < q2', 'n >= 2 * q1', 'sqrt(q1) <= n', 'c + 0 > last', 'max(q1, q2) <= n'];
  const space = new Space(PARAMETERS, constraints);

  it('is 0 where everything holds, and only there; the same at the same point', () => {
    let feasible = 0;
    fc.assert(
      fc.property(point, (u) => {
        const x = space.toTask(u);
        const [last, q1, sum, q2, c, n] = x as unknown as [number, number, number, number, number, number];
        const holds =
          sum >= -4 &&
          sum <= 4.5 &&
          q1 < q2 &&
          n >= 2 * q1 &&
          Math.sqrt(q1) <= n &&
          c > last &&
          Math.max(q1, q2) <= n;
        const violation = space.violation(x);
        expect(violation === 0).toBe(holds);
        expect(violation).toBeGreaterThanOrEqual(0);
        expect(violation).toBeLessThan(Infinity);
        expect(new Space(PARAMETERS, constraints).violation(x)).toBe(violation);
        if (holds) feasible++;
      }),
      { numRuns: 500 },
    );
    expect(feasible).toBeGreaterThan(0);
  });

  it('grows with the distance, and a side without a value is worst', () => {
    const one = new Space([free('a'), free('b')], ['a <= b', 'log(a) < 9']);
    const at = (a: number, b: number): number => one.violation(Float64Array.of(a, b));
    expect(at(1, 1)).toBe(0);
    expect(at(1, 2)).toBe(0);
    expect(at(2, 1)).toBeGreaterThan(0.05);
    expect(at(3, 1)).toBeCloseTo(2 * at(2, 1), 12);
    expect(at(-1, 1)).toBe(1000);
    // log 0 < 9
    expect(at(0, 1)).toBe(0);
  });

  it('is above 0 where a strict one is just missed, and where the difference is infinite', () => {
    const one = new Space(
      [free('a', { min: 0, max: 1 })],
      ['a > 0', 'a > 0 * exp(1000)', '1/a > -1/a', 'a < 1e308*1e308'],
    );
    expect(one.breaches(Float64Array.of(0)).map(({ violation }) => violation)).toEqual([
      Number.EPSILON,
      1000,
    ]);
  });

  it('has no unit', () => {
    const metres = new Space([free('a', { min: 0, max: 1 }), free('b', { min: 0, max: 1 })], ['a < b']);
    const millimetres = new Space(
      [free('a', { min: 0, max: 1000 }), free('b', { min: 0, max: 1000 })],
      ['a < b'],
    );
    fc.assert(
      fc.property(unit, unit, (a, b) => {
        const u = Float64Array.of(a, b);
        expect(millimetres.violation(millimetres.toTask(u))).toBeCloseTo(
          metres.violation(metres.toTask(u)),
          12,
        );
      }),
    );
  });

  it('knows what is the same everywhere', () => {
    const limits = new Space(PARAMETERS, ['c < 3', 'last > c', '1 < 2']).limits;
    expect(limits.filter(({ isConstant }) => isConstant).map(({ text }) => text)).toEqual(['c < 3', '1 < 2']);
  });
});

describe('refusals', () => {
  it('give an optimizer up that asks for 10,000 refused points in a row, and say why', () => {
    const refusals = new Refusals(new Space([free('a'), free('b')], ['a < b', 'a > 2']));
    const ask = (times: number, a: number, b: number): void => {
      for (let i = 0; i < times; i++) {
        refusals.violation(Float64Array.of(a, b));
        refusals.check('random');
      }
    };
    ask(9999, 1, 2);
    ask(1, 3, 4);
    ask(8000, 1, 2);
    expect(() => {
      ask(2000, 1, 1);
    }).toThrow(
      'random asked for 10000 points in a row that may not be evaluated, 10000 of them because of a > 2; start where',
    );
  });

  it('do not let an optimizer end without any evaluation', () => {
    const refusals = new Refusals(new Space([free('a')], ['a > 2']));
    refusals.checkEnd('nelder-mead', 'tol-x');
    refusals.violation(Float64Array.of(1));
    expect(() => {
      refusals.checkEnd('nelder-mead', 'tol-x');
    }).toThrow('nelder-mead ended (tol-x) without any evaluation: it asked for 1 points in a row');
    refusals.violation(Float64Array.of(3));
    refusals.violation(Float64Array.of(1));
    refusals.checkEnd('nelder-mead', 'tol-x');
  });
});
