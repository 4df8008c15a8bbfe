import { describe, expect, it } from 'vitest';
import { toPlain } from '../../src/config/write.ts';
import { load, refusal, TASK } from './support.ts';

const DEFAULTS = { tolerance: 0, charge: false, maxHitsInARow: 100 };

describe('cache', () => {
  it.each([
    ['cache: true', DEFAULTS],
    ['cache: {}', DEFAULTS],
    ['cache: { tolerance: 0.01, charge: true }', { tolerance: 0.01, charge: true, maxHitsInARow: 100 }],
  ])('is on with %s', async (text, expected) => {
    const config = await load(`${TASK}${text}`);
    expect(config.cache).toStrictEqual(expected);
    expect(toPlain(config)['cache']).toStrictEqual(expected);
  });

  it.each(['', 'cache: false', 'cache: null', 'cache:'])('is off with "%s"', async (text) => {
    const config = await load(`${TASK}${text}`);
    expect(config.cache).toBeUndefined();
    expect('cache' in toPlain(config)).toBe(false);
  });

  it.each([
    ['5', '2:8 cache: expected true, false or a map, got 5'],
    ['{ tolerance: -1 }', '2:21 cache.tolerance: expected a number in [0, 1], got -1'],
    ['{ charge: 1 }', '2:18 cache.charge: expected true or false, got 1'],
    ['{ maxHitsInARow: 0 }', '2:25 cache.maxHitsInARow: expected an integer in [1, 1000000], got 0'],
    ['{ tolerence: 1 }', '2:10 cache.tolerence: unknown option; did you mean tolerance?'],
  ])('refuses %s', async (text, line) => {
    expect(await refusal(`${TASK}cache: ${text}`)).toEqual([`c.yaml:${line}`]);
  });
});
