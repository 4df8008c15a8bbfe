import type { RandomStream } from '../../core/random.ts';
import type { Answer, Candidate, OptimizerContext, StopReason } from '../contract.ts';
import { inUnitBox, type SnapshotReader, type SnapshotWriter, told } from '../snapshot.ts';
import { Distribution, type Limits } from './distribution.ts';
import { Generation, type Injected } from './generation.ts';
import { History } from './history.ts';
import { isDiagonal, type ResolvedCmaEsOptions } from './options.ts';
import { isFlat, type Outcome, outcomeOf, spreadOf, validOf } from './outcome.ts';
import { type Parameters, parametersFor } from './parameters.ts';
import { ONCE, type Plan } from './plan.ts';
import { bestStepSize, PopulationSize } from './population.ts';
import type { Regime } from './restarts.ts';
import { findStop, nothingButFailures, outOfEvaluations } from './stop.ts';
import { judge, Uncertainty } from './uncertainty.ts';
import { Updater } from './update.ts';

/** Wider than a third of the box, a distribution that is reflected at the bounds is hardly told from a uniform one. */
const GREATEST_WIDTH = 1 / 3;

/** What all runs of one optimizer have in common. */
export interface DescentSetup extends Pick<OptimizerContext, 'dimension' | 'steps'> {
  readonly options: ResolvedCmaEsOptions;
}

/**
 * One run of CMA-ES, from one start until it stops: what the tutorial describes.
 *
 * A generation is over when all its answers are there, and ties are ranked by id, so neither order nor grouping of answers matters.
 */
export class Descent {
  readonly #options: ResolvedCmaEsOptions;
  readonly #regime: Regime;
  #parameters: Parameters;
  #updater: Updater;
  #distribution: Distribution;
  #generation: Generation;
  #history: History;
  /** Where noise is answered by more evaluations. */
  readonly #uncertainty: Uncertainty | undefined;
  /** Where it is answered by more candidates. */
  readonly #populationSize: PopulationSize | undefined;
  #evaluations = 0;
  #failedGenerations = 0;
  #injected: Injected | undefined;
  #stopReason: StopReason | undefined;

  /** @param firstId of its first candidate */
  constructor(
    { options, dimension, steps }: DescentSetup,
    regime: Regime,
    start: Float64Array,
    firstId: number,
  ) {
    const { populationSize, sigma0 } = regime;
    this.#options = options;
    this.#regime = regime;
    this.#parameters = parametersFor(dimension, populationSize, isDiagonal(options, dimension));
    this.#updater = new Updater(this.#parameters);
    const limits: Limits = { steps, greatest: Math.max(GREATEST_WIDTH, sigma0) };
    this.#distribution = new Distribution(this.#parameters, limits, start, sigma0);
    this.#history = new History(this.#parameters);
    this.#generation = new Generation(this.#parameters);
    if (options.noise === 'reevaluate')
      this.#uncertainty = new Uncertainty(dimension, populationSize, options.noiseLimit);
    if (options.noise === 'grow')
      this.#populationSize = new PopulationSize(
        this.#parameters,
        Math.floor(populationSize * options.noiseLimit),
      );
    this.#generation.start(firstId, this.#plan);
  }

  /** Evaluations of the generation that it is at. */
  get batchSize(): number {
    return this.#generation.batch.size;
  }

  /** Of complete generations. */
  get evaluations(): number {
    return this.#evaluations;
  }

  get stopReason(): StopReason | undefined {
    return this.#stopReason;
  }

  /** The id of the candidate that is drawn next. */
  get nextId(): number {
    return this.#generation.batch.nextId;
  }

  /** Up to `limit` candidates; fewer when the generation has no more. */
  draw(limit: number, random: RandomStream): readonly Candidate[] {
    const { batch } = this.#generation;
    const drawn: Candidate[] = [];
    for (let left = Math.min(limit, batch.size - batch.asked); left > 0; left--) {
      const id = batch.nextId;
      drawn.push({ id, x: this.#generation.next(this.#distribution, random) });
    }
    return drawn;
  }

  /**
   * @param type of the optimizer, for its mistakes
   * @throws {CodedError} `tell-mismatch`
   */
  tell(type: string, answers: readonly Answer[]): void {
    const { batch } = this.#generation;
    batch.settle(type, answers);
    if (!batch.isComplete) return;
    this.#finishGeneration();
    if (this.#populationSize) this.#resize(this.#populationSize.lambda);
    this.#generation.start(batch.nextId, this.#plan);
  }

  inject(point: Injected): void {
    if (!this.#injected || point.fx < this.#injected.fx) this.#injected = point;
  }

  save(writer: SnapshotWriter): void {
    writer.put('evaluations', this.#evaluations);
    writer.put('failedGenerations', this.#failedGenerations);
    writer.stop(this.#stopReason);
    this.#distribution.save(writer);
    this.#uncertainty?.save(writer);
    this.#populationSize?.save(writer);
    this.#generation.save(writer);
    this.#history.save(writer);
    writer.put('injected', Number(this.#injected !== undefined));
    if (this.#injected) writer.numbers([...this.#injected.x, this.#injected.fx]);
  }

  /** A run as it was saved, with the same setup. */
  static load(reader: SnapshotReader, setup: DescentSetup, regime: Regime): Descent {
    const saved = new Descent(setup, regime, new Float64Array(setup.dimension).fill(0.5), 1);
    const first = saved.#parameters;
    saved.#evaluations = reader.integer('evaluations', 0, Number.MAX_SAFE_INTEGER);
    saved.#failedGenerations = reader.integer('failedGenerations', 0, setup.options.maxFailedGenerations);
    saved.#stopReason = reader.stop();
    saved.#distribution = Distribution.load(reader, first, saved.#distribution.limits);
    saved.#uncertainty?.load(reader);
    if (saved.#populationSize) {
      saved.#populationSize.load(reader);
      saved.#setPopulationSize(saved.#populationSize.lambda);
    }
    saved.#generation = Generation.load(reader, saved.#parameters, saved.#plan);
    saved.#history = History.load(reader, first);
    if (reader.integer('injected', 0, 1) === 1) {
      const x = reader.numbers('injected point', first.dimension, inUnitBox);
      saved.#injected = { x, fx: reader.number('injected value', told) };
    }
    const { batch } = saved.#generation;
    const isCut = setup.options.noise === 'none' && saved.#evaluations % first.lambda !== 0;
    if (batch.isComplete || (saved.#stopReason && batch.asked > 0) || isCut)
      throw reader.invalid('has a generation that was not finished');
    if (batch.firstId <= saved.#evaluations) throw reader.invalid(`has ${batch.firstId} as firstId`);
    return saved;
  }

  #setPopulationSize(lambda: number): void {
    const { dimension, isDiagonal: withoutCovariances } = this.#parameters;
    this.#parameters = parametersFor(dimension, lambda, withoutCovariances);
    this.#distribution.parameters = this.#parameters;
    this.#updater = new Updater(this.#parameters);
    this.#generation = new Generation(this.#parameters);
  }

  /** The next generation has another size; stop criteria go on to look as far back as for the first one. */
  #resize(lambda: number): void {
    if (lambda === this.#parameters.lambda) return;
    const before = bestStepSize(this.#parameters);
    this.#setPopulationSize(lambda);
    this.#updater.widen(this.#distribution, bestStepSize(this.#parameters) / before);
  }

  get #plan(): Plan {
    return this.#uncertainty?.plan ?? ONCE;
  }

  #finishGeneration(): void {
    const generation = this.#generation;
    const first = generation.values();
    const again = generation.secondValues();
    const outcome = again.length > 0 ? judge(first, again) : outcomeOf(first);
    const valid = validOf(outcome);
    this.#evaluations += generation.batch.size;
    if (valid === 0) this.#failedGenerations++;
    else {
      this.#failedGenerations = 0;
      this.#learn(outcome, valid, this.#uncertainty?.treat(first, again) ?? 1);
    }
    if (this.#failedGenerations === this.#options.maxFailedGenerations)
      this.#stopReason = nothingButFailures(this.#failedGenerations);
    if (this.#evaluations >= this.#regime.maxEvaluations)
      this.#stopReason ??= outOfEvaluations(this.#evaluations, this.#regime.maxEvaluations);
  }

  /**
   * Not called for a generation without any value, which leaves the distribution as it is.
   *
   * @param widening by what noise makes steps longer
   */
  #learn(outcome: Outcome, valid: number, widening: number): void {
    const distribution = this.#distribution;
    const ranking = this.#generation.rank(outcome, valid, distribution, this.#injected);
    const size = this.#populationSize;
    this.#updater.update(
      distribution,
      ranking,
      size && ((move) => size.follow(move, distribution.shape, this.#parameters)),
    );
    this.#injected = undefined;
    if (isFlat(outcome)) this.#updater.leaveFlatness(distribution);
    if (widening > 1) this.#updater.widen(distribution, widening);
    const spread = spreadOf(outcome);
    if (spread) this.#history.add(spread.best, spread.median);
    const range = spread ? spread.worst - spread.best : NaN;
    this.#stopReason = findStop(distribution, this.#history, this.#options, range);
  }
}
