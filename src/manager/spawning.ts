import type { OptimizerUse, RunConfig } from '../config/run-config.ts';
import { CodedError } from '../core/errors.ts';
import { RandomStream } from '../core/random.ts';
import type { Generator } from '../generators/contract.ts';
import { generators } from '../generators/registry.ts';
import type { Selector } from '../selectors/contract.ts';
import { selectors } from '../selectors/registry.ts';
import { Space } from '../space/space.ts';

/** Decides which optimizer is started next, and where. What it says for an id depends on the seed and that id alone. */
export class Spawner {
  readonly #config: RunConfig;
  readonly #space: Space;
  readonly #selector: Selector;
  readonly #generator: Generator;

  constructor(config: RunConfig) {
    const { selector } = config.optimizers;
    this.#config = config;
    this.#space = new Space(config.parameters);
    this.#selector = selectors.get(selector.name).create(selector.options as never, undefined);
    this.#generator = generators
      .get(config.generator.name)
      .create(config.generator.options as never, undefined);
  }

  select(optimizerId: number): OptimizerUse {
    const { use } = this.#config.optimizers;
    const index = this.#selector.select({ types: use.map(({ name }) => name), optimizerId });
    const chosen = use[index];
    if (!chosen) throw new CodedError('internal', `the selector chose optimizer ${index} of ${use.length}`);
    return chosen;
  }

  /** A point of the unit box. The first optimizer starts at the initial values, in those coordinates that have one. */
  startPoint(optimizerId: number): Float64Array {
    const point = this.#generator.generate({
      dimension: this.#space.dimension,
      optimizerId,
      random: RandomStream.at(this.#config.manager.seed, 'generator', optimizerId),
    });
    if (optimizerId !== 1) return point;
    return point.map((coordinate, i) => this.#space.initial[i] ?? coordinate);
  }
}
