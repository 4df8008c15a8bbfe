import type { RandomStream } from '../../core/random.ts';
import { Slab } from '../../core/slab.ts';
import { compareRanked, type Ranked } from '../../core/ranking.ts';
import { Batch } from '../batch.ts';
import { finite, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import type { Distribution } from './distribution.ts';
import { effectiveMass, type Parameters } from './parameters.ts';
import { candidateAt, evaluationsOf, meanOf, ONCE, placesOf, type Plan } from './plan.ts';
import type { Outcome } from './outcome.ts';
import type { Ranking } from './update.ts';

/**
 * A sample outside the box is drawn again so often before it is mirrored at the bounds, where the function is another one than that whose shape the
 * distribution learns. In 10 dimensions that is worth 0.04 of all BBOB targets; 100 are no better than 20.
 */
const MOST_REDRAWN = 20;

/** A point that somebody else found, with its value. */
export interface Injected {
  readonly x: Float64Array;
  readonly fx: number;
}

/** The candidates of one generation: the steps y that were drawn, and the answers. Its memory serves every generation. */
export class Generation {
  readonly parameters: Parameters;
  /** One row a place, one for an injected point, one for the path of C. */
  readonly #steps: Float64Array;
  /** Squared lengths of C^(-1/2) y, by row. */
  readonly #squares: Float64Array;
  readonly #candidates: readonly number[];
  readonly #starts: Int32Array;
  readonly #rankedSquares: Float64Array;
  readonly #slab = new Slab();
  #batch = new Batch();
  #plan = ONCE;

  constructor(parameters: Parameters) {
    const { dimension, lambda } = parameters;
    this.parameters = parameters;
    this.#steps = new Float64Array((lambda + 2) * dimension);
    this.#squares = new Float64Array(lambda + 1);
    this.#candidates = Array.from({ length: lambda }, (_, candidate) => candidate);
    this.#starts = new Int32Array(lambda + 1);
    this.#rankedSquares = new Float64Array(lambda);
  }

  get batch(): Batch {
    return this.#batch;
  }

  /** Begins anew. @param firstId of its first evaluation */
  start(firstId: number, plan: Plan): void {
    this.#plan = plan;
    this.#batch.start(firstId, evaluationsOf(plan, this.parameters.lambda));
  }

  /** The point of the next evaluation; draws the candidate if that is its first one. */
  next(distribution: Distribution, random: RandomStream): Float64Array {
    const { lambda, dimension } = this.parameters;
    const place = this.#batch.next();
    if (place >= lambda) return this.pointOf(place, distribution);
    const at = place * dimension;
    const x = this.#slab.take(dimension);
    for (let redrawn = 0; redrawn < MOST_REDRAWN; redrawn++) {
      const square = distribution.sampleInside(random, this.#steps, at, x);
      if (square === undefined) continue;
      this.#squares[place] = square;
      return x;
    }
    this.#squares[place] = distribution.shape.sample(random, this.#steps, at);
    return distribution.pointAt(this.#steps, at, x);
  }

  /** The point of an evaluation that was asked for: the same bits again, as long as the distribution was not updated. */
  pointOf(place: number, distribution: Distribution): Float64Array {
    const { lambda, dimension } = this.parameters;
    return distribution.pointAt(
      this.#steps,
      candidateAt(this.#plan, lambda, place) * dimension,
      this.#slab.take(dimension),
    );
  }

  /** A value a candidate, once all answers are there. */
  values(): readonly Required<Ranked>[] {
    return this.#candidates.map((candidate) => this.#valueOf(candidate, false));
  }

  /** The second values of those that have one: the first so many candidates. */
  secondValues(): readonly Required<Ranked>[] {
    return this.#candidates.slice(0, this.#plan.again).map((candidate) => this.#valueOf(candidate, true));
  }

  #valueOf(candidate: number, isAgain: boolean): Required<Ranked> {
    if (this.#plan.repeats === 1)
      return this.#batch.answer(isAgain ? this.parameters.lambda + candidate : candidate);
    const places = placesOf(this.#plan, this.parameters.lambda, candidate, isAgain);
    return meanOf(places.map((place) => this.#batch.answer(place)));
  }

  /**
   * What the update is to learn from; its arrays are overwritten by the next call.
   *
   * An injected point takes part when it is among the mu best; the candidate that it pushes out of them is left out altogether. NaN
   * never counts as good: when fewer than mu candidates have a value, their weights alone are used.
   *
   * @param valid how many of the candidates have a value, >= 1
   */
  rank(
    { order, values }: Outcome,
    valid: number,
    distribution: Distribution,
    injected: Injected | undefined,
  ): Ranking {
    const { dimension, lambda, mu } = this.parameters;
    const starts = this.#starts;
    const squares = this.#rankedSquares;
    const better = injected ? order.filter((candidate) => isBetter(values[candidate]!, injected)).length : mu;
    const isUsed = injected !== undefined && better < mu;
    if (isUsed) this.#squares[lambda] = distribution.stepTo(injected.x, this.#steps, lambda * dimension);
    for (let rank = 0; rank < lambda; rank++) {
      let row = order[rank]!;
      if (isUsed && rank === better) row = lambda;
      else if (isUsed && rank > better && rank < mu) row = order[rank - 1]!;
      starts[rank] = row * dimension;
      squares[rank] = this.#squares[row]!;
    }
    starts[lambda] = (lambda + 1) * dimension;
    const { weights, positiveMass, muEff } = this.#weigh(valid + Number(isUsed));
    return { steps: this.#steps, starts, squares, weights, positiveMass, muEff };
  }

  #weigh(valid: number): Pick<Ranking, 'weights' | 'positiveMass' | 'muEff'> {
    const { mu, weights, muEff } = this.parameters;
    if (valid >= mu) return { weights, positiveMass: 1, muEff };
    const few = weights.subarray(0, valid);
    return {
      weights: weights.map((weight, rank) => (rank < valid ? weight : Math.min(weight, 0))),
      positiveMass: few.reduce((total, weight) => total + weight, 0),
      muEff: effectiveMass(few),
    };
  }

  save(writer: SnapshotWriter): void {
    this.#batch.save(writer);
    const asked = Math.min(this.#batch.asked, this.parameters.lambda);
    writer.numbers(this.#steps.subarray(0, asked * this.parameters.dimension));
    writer.numbers(this.#squares.subarray(0, asked));
  }

  static load(reader: SnapshotReader, parameters: Parameters, plan: Plan): Generation {
    const { dimension, lambda } = parameters;
    const saved = new Generation(parameters);
    saved.#plan = plan;
    saved.#batch = Batch.load(reader, evaluationsOf(plan, lambda));
    const asked = Math.min(saved.#batch.asked, lambda);
    saved.#steps.set(reader.numbers('steps', asked * dimension, finite));
    saved.#squares.set(reader.numbers('lengths of steps', asked, (value) => value >= 0 && finite(value)));
    return saved;
  }
}

function isBetter(value: Ranked, injected: Ranked): boolean {
  return compareRanked(value, injected) <= 0;
}
