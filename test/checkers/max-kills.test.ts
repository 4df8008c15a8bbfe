import { expect, it } from 'vitest';
import { maxKills } from '../../src/checkers/max-kills.ts';
import { factsOf, setup } from './support.ts';

it.each([
  { killed: 0, holds: false, detail: '0 killed < 3' },
  { killed: 2, holds: false, detail: '2 killed < 3' },
  { killed: 3, holds: true, detail: '3 killed >= 3' },
  { killed: 7, holds: true, detail: '7 killed >= 3' },
])('max-kills: 3 with $killed killed', ({ killed, holds, detail }) => {
  // Converged ones do not count.
  const facts = factsOf({ optimizers: { started: 20, converged: 5, killed } });
  expect(maxKills.create({ kills: 3 }, setup).examine(facts)).toEqual({ holds, detail });
});
