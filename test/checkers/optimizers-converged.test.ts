import { expect, it } from 'vitest';
import { optimizersConverged } from '../../src/checkers/optimizers-converged.ts';
import { factsOf, setup } from './support.ts';

it.each([
  { converged: 0, holds: false, detail: '0 converged < 2' },
  { converged: 1, holds: false, detail: '1 converged < 2' },
  { converged: 2, holds: true, detail: '2 converged >= 2' },
])('optimizers-converged: 2 with $converged converged', ({ converged, holds, detail }) => {
  // Killed ones do not count.
  const facts = factsOf({ optimizers: { started: 9, converged, killed: 5 } });
  expect(optimizersConverged.create({ optimizers: 2 }, setup).examine(facts)).toEqual({ holds, detail });
});
