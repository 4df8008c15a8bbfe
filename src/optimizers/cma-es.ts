import { RandomStream } from '../core/random.ts';
import { Descent, type DescentSetup } from './cma-es/descent.ts';
import { cmaEsSchema, resolveCmaEs, type CmaEsOptions } from './cma-es/options.ts';
import { defaultPopulationSize } from './cma-es/parameters.ts';
import { type Regime, Restarts } from './cma-es/restarts.ts';
import type {
  Answer,
  Candidate,
  Optimizer,
  OptimizerComponent,
  OptimizerContext,
  OptimizerSnapshot,
  StopReason,
} from './contract.ts';
import { positive, SnapshotReader, SnapshotWriter } from './snapshot.ts';

export type { CmaEsOptions } from './cma-es/options.ts';

const TYPE = 'cma-es';
const VERSION = 4;

/** More than any memory holds; a snapshot that says more is damaged. */
const LARGEST_POPULATION = 2 ** 20;

export const cmaEs: OptimizerComponent<CmaEsOptions> = {
  name: TYPE,
  summary:
    'covariance matrix adaptation: the first choice for 3 to 100 continuous parameters, smooth or rugged',
  options: cmaEsSchema,
  create: (options, context) => new CmaEs(options, context),
  restarts: ({ restarts = 'none' }) => restarts !== 'none',
  vary(given, earlier, dimension, random) {
    const { spawns = 'alike', maxEvaluations = Infinity } = given;
    if (spawns === 'alike' || earlier.length === 0) return given;
    const { populationSize, sigma0 } = resolveCmaEs(given, defaultPopulationSize(dimension));
    const regime = new Restarts(spawns, populationSize, sigma0).after(earlier, random);
    const most = Math.min(maxEvaluations, regime.maxEvaluations);
    const { maxEvaluations: _, ...next } = { ...given, ...regime };
    return most === Infinity ? next : { ...next, maxEvaluations: most };
  },
};

/**
 * CMA-ES with active update and cumulative step-size adaptation, in a box, for integers too, and with restarts where they are wanted.
 *
 * The distribution lives in an unbounded space that `math/box.ts` folds into the box.
 *
 * An injected point is not evaluated again: the best one since the last update is ranked with the generation that is complete next as
 * if it were one of its candidates, its step shortened to a length that a sample could have, and then forgotten. A worse one than the
 * mu best of that generation changes nothing.
 *
 * @see Hansen (2016), The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772
 * @see Hansen (2011), Injecting external solutions into CMA-ES, arXiv:1110.4181
 */
class CmaEs implements Optimizer {
  readonly type = TYPE;
  readonly dimension: number;
  readonly reevaluates: boolean;
  readonly #setup: DescentSetup;
  #restarts: Restarts;
  #regime: Regime;
  #descent: Descent;
  #random: RandomStream;
  #stopReason: StopReason | undefined;

  constructor(given: CmaEsOptions, { dimension, start, random, steps }: OptimizerContext) {
    this.dimension = dimension;
    const options = resolveCmaEs(given, defaultPopulationSize(dimension));
    this.#setup = { options, dimension, steps };
    this.reevaluates = options.noise === 'reevaluate';
    const { populationSize, sigma0, maxEvaluations } = options;
    this.#regime = { populationSize, sigma0, maxEvaluations };
    this.#restarts = this.#newRestarts();
    this.#descent = new Descent(this.#setup, this.#regime, start, 1);
    this.#random = random;
  }

  /** Of the generation that it is at. */
  get batchSize(): number {
    return this.#descent.batchSize;
  }

  get stopReason(): StopReason | undefined {
    return this.#stopReason;
  }

  ask(limit: number): readonly Candidate[] {
    if (this.#stopReason) return [];
    return this.#descent.draw(limit, this.#random);
  }

  tell(answers: readonly Answer[]): void {
    this.#descent.tell(TYPE, answers);
    if (this.#descent.stopReason) this.#restart(this.#descent.stopReason);
  }

  inject(x: Float64Array, fx: number): void {
    if (Number.isNaN(fx) || x.some((value) => Number.isNaN(value))) return;
    this.#descent.inject({ x: x.map((value) => Math.min(1, Math.max(0, value))), fx });
  }

  snapshot(): OptimizerSnapshot {
    const writer = new SnapshotWriter();
    const { populationSize, sigma0, maxEvaluations } = this.#regime;
    writer.put('dimension', this.dimension);
    writer.put('random', this.#random.state);
    this.#restarts.save(writer);
    writer.put('populationSize', populationSize);
    writer.put('maxEvaluations', maxEvaluations === Infinity ? 0 : maxEvaluations);
    writer.numbers([sigma0]);
    this.#descent.save(writer);
    return writer.finish(TYPE, VERSION);
  }

  restore(snapshot: OptimizerSnapshot): void {
    const reader = new SnapshotReader(snapshot, TYPE, VERSION);
    reader.integer('dimension', this.dimension, this.dimension);
    const random = new RandomStream(reader.words('random'));
    const restarts = this.#newRestarts();
    restarts.load(reader);
    const populationSize = reader.integer('populationSize', 2, LARGEST_POPULATION);
    if (restarts.count === 0 && populationSize !== this.#setup.options.populationSize)
      throw reader.invalid(`has the population size ${populationSize}`);
    const most = reader.integer('maxEvaluations', 0, Number.MAX_SAFE_INTEGER);
    const sigma0 = reader.number('first step size', positive);
    const regime = { populationSize, sigma0, maxEvaluations: most || Infinity };
    const descent = Descent.load(reader, this.#setup, regime);
    reader.end();

    this.#random = random;
    this.#restarts = restarts;
    this.#regime = regime;
    this.#descent = descent;
    this.#stopReason = descent.stopReason;
  }

  #newRestarts(): Restarts {
    const { restarts, populationSize, sigma0 } = this.#setup.options;
    return new Restarts(restarts, populationSize, sigma0);
  }

  /** Begins another run at a random point, unless it is not to. */
  #restart(reason: StopReason): void {
    const { restarts, maxRestarts, maxEvaluations } = this.#setup.options;
    const { nextId } = this.#descent;
    const left = maxEvaluations - (nextId - 1);
    if (restarts === 'none' || this.#restarts.count >= maxRestarts || left <= 0) {
      this.#stopReason = reason;
      return;
    }
    const regime = this.#restarts.next(this.#descent.evaluations, this.#random);
    this.#regime = { ...regime, maxEvaluations: Math.min(regime.maxEvaluations, left) };
    const start = Float64Array.from({ length: this.dimension }, () => this.#random.uniform());
    this.#descent = new Descent(this.#setup, this.#regime, start, nextId);
  }
}
