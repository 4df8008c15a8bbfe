import { expect, it } from 'vitest';
import { maxSeconds } from '../../src/checkers/max-seconds.ts';
import { factsOf, setup } from './support.ts';

it('max-seconds counts this session, or all of them', () => {
  expect(maxSeconds.create({ seconds: 11, of: 'session' }, setup).examine(factsOf())).toEqual({
    holds: false,
    detail: '10 s < 11 s',
  });
  expect(maxSeconds.create({ seconds: 10, of: 'session' }, setup).examine(factsOf()).holds).toBe(true);
  expect(maxSeconds.create({ seconds: 11, of: 'overall' }, setup).examine(factsOf())).toEqual({
    holds: true,
    detail: '70 s >= 11 s',
  });
});

it('max-seconds is to be asked again as time passes', () => {
  expect(maxSeconds.create({ seconds: 11, of: 'session' }, setup).timed).toBe(true);
});
