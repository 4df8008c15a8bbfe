import type { PastOptimizer } from '../../src/conditions/past-optimizer.ts';
import { CodedError } from '../../src/core/errors.ts';
import { RandomStream } from '../../src/core/random.ts';
import type { GenerationContext, GeneratorSetup } from '../../src/generators/contract.ts';

/** Parameters x0, x1, .. from 0 to 10. */
export function setupOf(dimension: number, seed = 7): GeneratorSetup {
  return {
    dimension,
    parameters: Array.from({ length: dimension }, (_, i) => ({
      name: `x${i}`,
      kind: 'free',
      type: 'real',
      scale: 'linear',
      min: 0,
      max: 10,
    })),
    seed,
    toUnit(point, rest) {
      const unit = rest.slice();
      for (const [name, value] of Object.entries(point)) {
        const at = Number(name.slice(1));
        if (!name.startsWith('x') || !(at < dimension)) throw new CodedError('usage', `no parameter ${name}`);
        if (value < 0 || value > 10) throw new CodedError('usage', `${name} is out of bounds`);
        unit[at] = value / 10;
      }
      return unit;
    },
  };
}

export function past(
  id: number,
  fx: number,
  point: readonly number[],
  state: PastOptimizer['state'] = 'converged',
): PastOptimizer {
  return { id, type: 0, state, evaluations: 100, best: { fx, point: Float64Array.from(point) } };
}

/** A run with these optimizers; the best of them is the incumbent. */
export function generation(
  optimizers: readonly PastOptimizer[],
  others: Partial<GenerationContext> = {},
): GenerationContext {
  const optimizerId = others.optimizerId ?? optimizers.length + 1;
  const bests = optimizers.flatMap(({ best }) => best ?? []).toSorted((a, b) => a.fx - b.fx);
  return {
    optimizerId,
    evaluations: 0,
    budget: Infinity,
    optimizers,
    incumbent: bests[0],
    spent: [],
    spread: 1,
    random: RandomStream.at(7, 'generator', optimizerId),
    ...others,
  };
}
