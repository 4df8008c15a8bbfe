import { expect, it } from 'vitest';
import { Roughness } from '../../../src/optimizers/quasi-newton/roughness.ts';

/** What is found after steps that gained so much of what was promised. */
function findingAfter(gains: readonly number[], least = 0.1): string | undefined {
  const roughness = new Roughness(least);
  for (const gain of gains) roughness.record(4 * gain, 4);
  return roughness.finding;
}

it('is found when six of the last ten steps disappointed', () => {
  const [bad, good] = [0.05, 1];
  expect(findingAfter([bad, good, bad, bad, good, bad, bad])).toBeUndefined();
  expect(findingAfter([bad, good, bad, bad, good, bad, bad, bad])).toBe(
    '6 of the last 10 steps gained less than 0.1 of what was expected',
  );
  expect(findingAfter([bad, bad, bad, bad, bad, good, good, good, good, good, bad])).toBeUndefined();
});

it('is never found when nothing disappoints', () => {
  expect(
    findingAfter(
      Array.from({ length: 20 }, () => 1e-9),
      0,
    ),
  ).toBeUndefined();
});
