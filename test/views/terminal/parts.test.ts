import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCount, formatSeconds } from '../../../src/views/format.ts';
import { isForeground } from '../../../src/views/terminal/foreground.ts';
import { RateMeter } from '../../../src/views/terminal/rate.ts';
import { sparkline } from '../../../src/views/terminal/sparkline.ts';
import { styleOf } from '../../../src/views/terminal/style.ts';
import { Trail } from '../../../src/views/terminal/trail.ts';

describe('a sparkline', () => {
  it('stands on its lowest value', () => {
    expect(sparkline([8, 6, 4, 2, 0], 10, true)).toBe('█▆▄▂▁');
    expect(sparkline([8, 6, 4, 2, 0], 10, false)).toBe('#+-._');
  });

  it('draws values that span magnitudes by their magnitudes', () => {
    expect(sparkline([1e6, 1e3, 1, 1e-3, 1e-6], 10, true)).toBe('█▆▄▂▁');
  });

  it('is as wide as it may be at the most, and ends with the latest value', () => {
    const values = Array.from({ length: 64 }, (_, i) => (i === 63 ? 1 : 0));
    expect(sparkline(values, 8, true)).toBe('▁▁▁▁▁▁▁█');
  });

  it('takes any values', () => {
    expect(sparkline([], 10, true)).toBe('');
    expect(sparkline([3], 10, true)).toBe('▁');
    fc.assert(
      fc.property(
        fc.array(fc.double(), { maxLength: 70 }),
        fc.integer({ min: 1, max: 40 }),
        (values, columns) => {
          const drawn = sparkline(values, columns, true);
          expect(drawn).toMatch(/^[▁▂▃▄▅▆▇█]*$/);
          expect(drawn.length).toBe(Math.min(columns, values.filter(Number.isFinite).length));
        },
      ),
    );
  });
});

describe('a trail', () => {
  it('reaches back to the beginning, with few samples, however long it gets', () => {
    const trail = new Trail();
    for (let i = 0; i < 100_000; i++) trail.push(i);
    const { values } = trail;
    expect(values.length).toBeLessThanOrEqual(65);
    expect(values.length).toBeGreaterThan(30);
    expect([values[0], values.at(-1)]).toEqual([0, 99_999]);
    expect(values.toSorted((a, b) => a - b)).toEqual(values);
  });
});

describe('the rate of a run', () => {
  it('is that of the last minute, where there were enough evaluations', () => {
    const meter = new RateMeter();
    for (let second = 0; second <= 600; second++) meter.sample(second, 100 * second);
    let rate: number | undefined;
    for (let second = 601; second <= 700; second++) rate = meter.sample(second, 60_000 + 10 * (second - 600));
    expect(rate).toBeCloseTo(10, 6);
  });

  it('is that of all that was seen, where evaluations take long', () => {
    const meter = new RateMeter();
    let rate: number | undefined;
    for (let second = 0; second <= 36_000; second += 10)
      rate = meter.sample(second, 7 + Math.floor(second / 3600));
    expect(rate).toBeCloseTo(10 / 36_000, 9);
  });

  it('is not known at first', () => {
    const meter = new RateMeter();
    expect(meter.sample(0, 500)).toBeUndefined();
    expect(meter.sample(0.2, 700)).toBeUndefined();
    expect(meter.sample(5, 500)).toBeUndefined();
  });
});

describe('what a terminal can show', () => {
  const screen = { isTTY: true };

  it.each([
    [{}, false],
    [{ LANG: 'C.UTF-8' }, true],
    [{ LANG: 'de_DE.utf8', LC_ALL: '' }, true],
    [{ LANG: 'C.UTF-8', LC_ALL: 'C' }, false],
    [{ LANG: 'C.UTF-8', LC_CTYPE: 'POSIX' }, false],
  ])('is Unicode by the locale alone: %o', (env, expected) => {
    expect(styleOf(screen, env).isUnicode).toBe(expected);
  });

  it.each([
    [screen, { TERM: 'xterm' }, true],
    [screen, { TERM: 'dumb' }, false],
    [screen, { NO_COLOR: '1' }, false],
    [screen, { NO_COLOR: '' }, true],
    [screen, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    [{}, {}, false],
    [{}, { FORCE_COLOR: '1' }, true],
    [screen, { FORCE_COLOR: '0' }, false],
  ])('has colours on %o with %o: %s', (stream, env, expected) => {
    expect(styleOf(stream, env).hasColors).toBe(expected);
  });
});

describe('a job in the background', () => {
  it.each([
    ['1 (node) R 1 500 500 34816 500 0', true],
    ['1 (a) b (c)) S 1 500 400 34816 400 0', false],
    ['1 (node) R 1 500 500 0 -1 0', true],
  ])('is known by proc(5): %s', (stat, expected) => {
    expect(isForeground(stat)).toBe(expected);
  });
});

describe('numbers for people', () => {
  it('are short', () => {
    expect([0, 999, 1000, 1234567].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567']);
    expect([0.9, 42, 185, 7800, 450_000].map(formatSeconds)).toEqual([
      '0 s',
      '42 s',
      '3 min 05 s',
      '2 h 10 min',
      '5 d 5 h',
    ]);
  });
});
