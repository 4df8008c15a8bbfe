import { describe, expect, it } from 'vitest';
import { scaleOf, ticksOf } from '../../../src/views/report/axis.ts';
import { escaped } from '../../../src/views/report/escape.ts';
import { linePath, stepPath } from '../../../src/views/report/path.ts';

const same = (value: number): number => value;

describe('a path', () => {
  it('has the first, the lowest, the highest and the last of the points that are in one dot', () => {
    const points = [0.1, 5, 0.2, 1, 0.3, 9, 0.4, 4, 0.5, 6, 0.6, 5, 2, 7];
    expect(linePath(points, same, same)).toBe('M0.1 5l0.1 -4l0.1 8l0.3 -4l1.4 2');
  });

  it('breaks where there is no place for a value, and never leaves what a renderer takes', () => {
    expect(linePath([0, 1, 1, NaN, 2, 3, 3, Infinity], same, same)).toBe('M0 1M2 3l1 19997');
  });

  it('does not drift, however many parts it has', () => {
    const points = Array.from({ length: 2000 }, (_, i) => [i, (i * 0.033) % 50]).flat();
    const parts = [...linePath(points, same, same).matchAll(/[Ml](-?[\d.]+) (-?[\d.]+)/g)];
    const end = parts.reduce(([x, y], [, dx, dy]) => [x! + Number(dx), y! + Number(dy)], [0, 0]);
    expect(end[0]).toBeCloseTo(1999, 6);
    expect(end[1]).toBeCloseTo(points.at(-1)!, 1);
  });

  it('holds each value until the next as steps', () => {
    expect(stepPath([0, 5, 3, 2], same, same, 10)).toBe('M0 5l3 0l0 -3l7 0');
    expect(stepPath([], same, same, 10)).toBe('');
  });
});

describe('an axis', () => {
  it('tells values apart that differ in their last digits alone', () => {
    const texts = ticksOf({ range: [788.539790400001, 788.539790400009], label: '' }, 4).map(
      ({ text }) => text,
    );
    expect(texts.length).toBeGreaterThan(1);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it.each([
    ['linear', [-Number.MAX_VALUE, Number.MAX_VALUE]],
    ['linear', [-Infinity, Infinity]],
    ['log', [1e-300, Infinity]],
    ['time', [0, 1e15]],
    ['time', [0, 0.001]],
  ] as const)('has ticks within any range: %s %j', (kind, range) => {
    const ticks = ticksOf({ range, kind, label: '' }, 8);
    expect(ticks.length).toBeLessThan(30);
    const scale = scaleOf({ range, kind, label: '' }, [0, 100]);
    for (const { at } of ticks) expect(scale(at)).toBeGreaterThanOrEqual(0);
    expect(scale(range[1])).toBeCloseTo(100, 6);
  });
});

describe('text', () => {
  it('is escaped for elements and for attributes', () => {
    expect(escaped(`<a b="c" d='e'>&`)).toBe('&#60;a b=&#34;c&#34; d=&#39;e&#39;&#62;&#38;');
    expect(escaped('a\u0000b\u202Ec\uD800d\uFFFE')).toBe('a\\u0000b\\u202ec\uFFFDd\uFFFD');
  });
});
