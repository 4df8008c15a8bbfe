import type { ConditionSetup } from '../../src/conditions/setup.ts';
import type { Checker, RunFacts } from '../../src/checkers/contract.ts';

export const setup: ConditionSetup = { path: 'stop', draw: () => 0.5 };

/** A run of 100 evaluations, some way on. */
export function factsOf(some: Partial<RunFacts> = {}): RunFacts {
  return {
    evaluations: 100,
    best: 1.5,
    spread: 4,
    sessionSeconds: 10,
    overallSeconds: 70,
    optimizers: { started: 5, converged: 2, killed: 3 },
    killedAfter: (converged) => (converged > 2 ? 0 : 1),
    column: () => ({ best: NaN, spread: 0 }),
    ...some,
  };
}

/** Asks about one moment after the other, and says after how many evaluations it held. */
export function heldAt(checker: Checker, moments: readonly Partial<RunFacts>[]): readonly number[] {
  return moments
    .map((moment) => factsOf(moment))
    .filter((moment) => checker.examine(moment).holds)
    .map(({ evaluations }) => evaluations);
}
