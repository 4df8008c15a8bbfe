import type { PastOptimizer } from '../conditions/past-optimizer.ts';
import { drawAt } from '../core/random.ts';

/**
 * Where a Metropolis walk stands that visits the best points of the optimizers in the order of their ids: it steps to a better one
 * always, to a worse one with probability `exp(-difference / temperature)`. Optimizers that live draw it downhill only, since a
 * young one is bad for want of time.
 *
 * It is walked anew each time, with draws that belong to the optimizers: what is accepted changes only as far as values and temperature do.
 *
 * @param temperature in units of the objective; 0 never steps to a worse one
 * @returns a point of the unit box; `undefined` while no optimizer has one
 * @see Metropolis et al. (1953), Equation of state calculations by fast computing machines, J. Chem. Phys. 21, 1087
 */
export function walk(
  optimizers: readonly PastOptimizer[],
  temperature: number,
  seed: number,
  path: string,
): Float64Array | undefined {
  let here: PastOptimizer['best'];
  for (const { id, state, best } of optimizers) {
    if (!best) continue;
    const uphill = here ? best.fx - here.fx : 0;
    if (uphill <= 0) here = best;
    else if (state !== 'live' && drawAt(seed, path, id, 0) < Math.exp(-uphill / temperature)) here = best;
  }
  return here?.point;
}
