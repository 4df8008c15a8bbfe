import { expect, it } from 'vitest';
import { lastPointsInvalid } from '../../src/hunters/last-points-invalid.ts';
import { huntOf, setup } from './support.ts';

const hunter = lastPointsInvalid.create({ calls: 3 }, setup);

it.each([
  { victim: [], failed: 0, holds: false },
  { victim: [null, null], failed: 2, holds: false },
  { victim: [null, null, null], failed: 3, holds: true },
  { victim: [1, null, null, null, null], failed: 4, holds: true },
  { victim: [null, null, null, 1], failed: 0, holds: false },
  { victim: [null, null, 1, null, null], failed: 2, holds: false },
])('last-points-invalid looks at the end of $victim', ({ victim, failed, holds }) => {
  expect(hunter.examine(huntOf(victim, [0]))).toEqual({
    holds,
    detail: `${failed} failed in a row ${holds ? '>=' : '<'} 3`,
  });
});
