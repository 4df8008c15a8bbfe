import type { PastOptimizer } from '../../src/conditions/past-optimizer.ts';
import { RandomStream } from '../../src/core/random.ts';
import type { SelectionContext } from '../../src/selectors/contract.ts';

/** An optimizer that has ended with `fx`; `undefined`: all its evaluations failed. */
export function past(id: number, type: number, evaluations: number, fx: number | undefined): PastOptimizer {
  const best = fx === undefined ? undefined : { fx, point: new Float64Array(1) };
  return { id, type, state: 'converged', evaluations, best };
}

function spentBy(types: number, optimizers: readonly PastOptimizer[]): number[][] {
  return Array.from({ length: types }, (_, type) =>
    optimizers.filter((one) => one.type === type).map(({ evaluations }) => evaluations),
  );
}

export function selection(
  types: number,
  optimizers: readonly PastOptimizer[],
  others: Partial<SelectionContext> = {},
): SelectionContext {
  const optimizerId = optimizers.length + 1;
  return {
    types: Array.from({ length: types }, (_, i) => `type-${i}`),
    optimizerId,
    evaluations: 0,
    budget: Infinity,
    optimizers,
    spent: spentBy(types, optimizers),
    isOpen: Array.from({ length: types }, () => true),
    incumbent: undefined,
    spread: 0,
    random: RandomStream.at(1, 'selector', optimizerId),
    ...others,
  };
}
