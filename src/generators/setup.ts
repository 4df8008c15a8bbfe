import type { Space } from '../space/space.ts';
import type { GeneratorSetup } from './contract.ts';

/** What the generators of a run are made for. */
export function setupIn(space: Space, seed: number): GeneratorSetup {
  return {
    dimension: space.dimension,
    parameters: space.free,
    seed,
    toUnit: (point, rest) => space.toUnitByName(point, rest),
  };
}
