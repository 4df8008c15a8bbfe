import { expect, it } from 'vitest';
import { maxOptimizersStarted } from '../../src/checkers/max-optimizers-started.ts';
import { factsOf, setup } from './support.ts';

it.each([
  { started: 0, holds: false, detail: '0 started < 4' },
  { started: 3, holds: false, detail: '3 started < 4' },
  { started: 4, holds: true, detail: '4 started >= 4' },
  // Several may start between two checks.
  { started: 6, holds: true, detail: '6 started >= 4' },
])('max-optimizers-started: 4 with $started started', ({ started, holds, detail }) => {
  const facts = factsOf({ optimizers: { started, converged: 0, killed: 0 } });
  expect(maxOptimizersStarted.create({ optimizers: 4 }, setup).examine(facts)).toEqual({ holds, detail });
});
