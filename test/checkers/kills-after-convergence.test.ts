import { expect, it } from 'vitest';
import type { RunFacts } from '../../src/checkers/contract.ts';
import { killsAfterConvergence } from '../../src/checkers/kills-after-convergence.ts';
import { factsOf, setup } from './support.ts';

function count(some: string, kind: string): number {
  return some.split(kind).length - 1;
}

/** A run in which `c` is a convergence and `k` a kill. */
function runOf(ends: string): RunFacts {
  return factsOf({
    optimizers: { started: 20, converged: count(ends, 'c'), killed: count(ends, 'k') },
    // What comes after so many c.
    killedAfter: (converged) => count(ends.split('c').slice(converged).join(''), 'k'),
  });
}

it.each([
  { ends: '', kills: 2, converged: 2, holds: false, detail: '0 converged < 2' },
  { ends: 'kkkck', kills: 2, converged: 2, holds: false, detail: '1 converged < 2' },
  // Kills before the second convergence do not count.
  { ends: 'kkckkck', kills: 2, converged: 2, holds: false, detail: '1 killed after 2 converged < 2' },
  { ends: 'kkckkckk', kills: 2, converged: 2, holds: true, detail: '2 killed after 2 converged >= 2' },
  // A third convergence does not start the count again.
  { ends: 'cckck', kills: 2, converged: 2, holds: true, detail: '2 killed after 2 converged >= 2' },
  // Without any kills it is the convergence alone, and still not before it.
  { ends: 'kkk', kills: 0, converged: 1, holds: false, detail: '0 converged < 1' },
  { ends: 'kkkc', kills: 0, converged: 1, holds: true, detail: '0 killed after 1 converged >= 0' },
])(
  'kills-after-convergence: $kills after $converged, in a run that went "$ends"',
  ({ ends, kills, converged, holds, detail }) => {
    const checker = killsAfterConvergence.create({ kills, converged }, setup);
    expect(checker.examine(runOf(ends))).toEqual({ holds, detail });
  },
);
