import { RandomStream } from '../core/random.ts';
import type { Ranked } from '../core/ranking.ts';
import { Distribution } from './cma-es/distribution.ts';
import { Generation, type Injected } from './cma-es/generation.ts';
import { History, median } from './cma-es/history.ts';
import { cmaEsSchema, resolveCmaEs, type CmaEsOptions, type ResolvedCmaEsOptions } from './cma-es/options.ts';
import { defaultPopulationSize, parametersFor, type Parameters } from './cma-es/parameters.ts';
import { findStop, nothingButFailures } from './cma-es/stop.ts';
import { Updater } from './cma-es/update.ts';
import type {
  Answer,
  Candidate,
  Optimizer,
  OptimizerComponent,
  OptimizerContext,
  OptimizerSnapshot,
  StopReason,
} from './contract.ts';
import { CandidateLedger } from './ledger.ts';
import { inUnitBox, SnapshotReader, SnapshotWriter, told } from './snapshot.ts';

export type { CmaEsOptions } from './cma-es/options.ts';

const TYPE = 'cma-es';
const VERSION = 1;

/** Wider than a third of the box, a distribution that is reflected at the bounds is hardly told from a uniform one. */
const GREATEST_WIDTH = 1 / 3;

/** Steps between integers remain likely while the other coordinates converge. */
const LEAST_WIDTH_IN_STEPS = 0.2;

export const cmaEs: OptimizerComponent<CmaEsOptions> = {
  name: TYPE,
  summary:
    'covariance matrix adaptation: the first choice for 3 to 100 continuous parameters, smooth or rugged',
  options: cmaEsSchema,
  create: (options, context) => new CmaEs(options, context),
};

/**
 * CMA-ES with full covariance, active update and cumulative step-size adaptation, in a box.
 *
 * A generation is over when all its answers are there, and ties are ranked by id, so neither order nor grouping of answers matters.
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
  readonly #options: ResolvedCmaEsOptions;
  readonly #parameters: Parameters;
  readonly #updater: Updater;
  #random: RandomStream;
  #distribution: Distribution;
  #generation: Generation;
  #history: History;
  #ledger = new CandidateLedger(TYPE);
  #failedGenerations = 0;
  #injected: Injected | undefined;
  #stopReason: StopReason | undefined;

  constructor(options: CmaEsOptions, { dimension, start, random, steps }: OptimizerContext) {
    this.dimension = dimension;
    this.#options = resolveCmaEs(options, defaultPopulationSize(dimension));
    const { populationSize, sigma0 } = this.#options;
    this.#parameters = parametersFor(dimension, populationSize);
    this.#updater = new Updater(this.#parameters);
    this.#random = random;
    const limits = {
      least: Float64Array.from({ length: dimension }, (_, i) =>
        steps[i]! > 1 ? LEAST_WIDTH_IN_STEPS / steps[i]! : 0,
      ),
      greatest: Math.max(GREATEST_WIDTH, sigma0),
    };
    this.#distribution = new Distribution(this.#parameters, limits, start, sigma0);
    this.#history = new History(this.#parameters);
    this.#generation = new Generation(this.#parameters);
    this.#generation.batch.start(1, populationSize);
  }

  get batchSize(): number {
    return this.#parameters.lambda;
  }

  get stopReason(): StopReason | undefined {
    return this.#stopReason;
  }

  ask(limit: number): readonly Candidate[] {
    if (this.#stopReason) return [];
    const { batch } = this.#generation;
    const count = Math.min(limit, batch.size - batch.asked);
    const candidates: Candidate[] = [];
    for (let i = 0; i < count; i++)
      candidates.push(this.#ledger.issue(this.#generation.draw(this.#distribution, this.#random)));
    return candidates;
  }

  tell(answers: readonly Answer[]): void {
    this.#ledger.settle(answers);
    const { batch } = this.#generation;
    for (const answer of answers) batch.record(answer);
    if (batch.isComplete) this.#finishGeneration();
  }

  inject(x: Float64Array, fx: number): void {
    if (Number.isNaN(fx) || x.some((value) => Number.isNaN(value))) return;
    if (this.#injected && this.#injected.fx <= fx) return;
    this.#injected = { x: x.map((value) => Math.min(1, Math.max(0, value))), fx };
  }

  snapshot(): OptimizerSnapshot {
    const writer = new SnapshotWriter();
    writer.put('dimension', this.dimension);
    writer.put('populationSize', this.batchSize);
    writer.put('failedGenerations', this.#failedGenerations);
    writer.put('random', this.#random.state);
    writer.stop(this.#stopReason);
    this.#distribution.save(writer);
    this.#generation.save(writer);
    this.#history.save(writer);
    writer.put('injected', Number(this.#injected !== undefined));
    if (this.#injected) writer.numbers([...this.#injected.x, this.#injected.fx]);
    return writer.finish(TYPE, VERSION);
  }

  restore(snapshot: OptimizerSnapshot): void {
    const { dimension, lambda } = this.#parameters;
    const reader = new SnapshotReader(snapshot, TYPE, VERSION);
    reader.integer('dimension', dimension, dimension);
    reader.integer('populationSize', lambda, lambda);
    const failedGenerations = reader.integer('failedGenerations', 0, this.#options.maxFailedGenerations);
    const random = new RandomStream(reader.words('random'));
    const stopReason = reader.stop();
    const distribution = Distribution.load(reader, this.#parameters, this.#distribution.limits);
    const generation = Generation.load(reader, this.#parameters);
    const history = History.load(reader, this.#parameters);
    const isInjected = reader.integer('injected', 0, 1) === 1;
    const injected = isInjected
      ? {
          x: reader.numbers('injected point', dimension, inUnitBox),
          fx: reader.number('injected value', told),
        }
      : undefined;
    reader.end();
    const { batch } = generation;
    if (batch.isComplete || (stopReason && batch.asked > 0))
      throw reader.invalid('has a generation that was not finished');
    if (batch.firstId % lambda !== 1 % lambda) throw reader.invalid(`has ${batch.firstId} as firstId`);

    this.#ledger = new CandidateLedger(TYPE);
    batch.reissue(this.#ledger, (place) => generation.pointOf(place, distribution));
    this.#failedGenerations = failedGenerations;
    this.#random = random;
    this.#stopReason = stopReason;
    this.#distribution = distribution;
    this.#generation = generation;
    this.#history = history;
    this.#injected = injected;
  }

  #finishGeneration(): void {
    const generation = this.#generation;
    const { batch } = generation;
    const order = generation.ranked();
    const valid = order.filter((place) => !Number.isNaN(batch.answer(place).fx)).length;
    if (valid === 0) this.#failedGenerations++;
    else {
      this.#failedGenerations = 0;
      this.#learn(order, valid);
    }
    if (this.#failedGenerations === this.#options.maxFailedGenerations)
      this.#stopReason = nothingButFailures(this.#failedGenerations);
    batch.start(this.#ledger.next, batch.size);
  }

  /** Not called for a generation without any value, which leaves the distribution as it is. */
  #learn(order: readonly number[], valid: number): void {
    const { batch } = this.#generation;
    const distribution = this.#distribution;
    this.#updater.update(distribution, this.#generation.rank(order, valid, distribution, this.#injected));
    this.#injected = undefined;
    // Feasible values come first, in ascending order.
    const values = order
      .map((place) => batch.answer(place))
      .filter(isFeasible)
      .map(({ fx }) => fx);
    if (values.length > 0) this.#history.add(values[0]!, median(values));
    const range = values.length > 0 ? values.at(-1)! - values[0]! : NaN;
    this.#stopReason = findStop(distribution, this.#history, this.#options, range);
  }
}

function isFeasible({ fx, violation }: Required<Ranked>): boolean {
  return !Number.isNaN(fx) && violation === 0;
}
