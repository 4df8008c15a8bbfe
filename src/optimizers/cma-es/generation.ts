import type { RandomStream } from '../../core/random.ts';
import type { Ranked } from '../../core/ranking.ts';
import { compareRanked } from '../../core/ranking.ts';
import { Batch } from '../batch.ts';
import { finite, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import type { Distribution } from './distribution.ts';
import { effectiveMass, type Parameters } from './parameters.ts';
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
  readonly #places: readonly number[];
  readonly #starts: Int32Array;
  readonly #rankedSquares: Float64Array;
  #batch = new Batch();

  constructor(parameters: Parameters) {
    const { dimension, lambda } = parameters;
    this.parameters = parameters;
    this.#steps = new Float64Array((lambda + 2) * dimension);
    this.#squares = new Float64Array(lambda + 1);
    this.#places = Array.from({ length: lambda }, (_, place) => place);
    this.#starts = new Int32Array(lambda + 1);
    this.#rankedSquares = new Float64Array(lambda);
  }

  get batch(): Batch {
    return this.#batch;
  }

  /** Draws the next candidate of the generation. */
  draw(distribution: Distribution, random: RandomStream): Float64Array {
    const place = this.#batch.next();
    const at = place * this.parameters.dimension;
    for (let tries = 0; tries <= MOST_REDRAWN; tries++) {
      this.#squares[place] = distribution.shape.sample(random, this.#steps, at);
      if (distribution.isInside(this.#steps, at)) break;
    }
    return distribution.pointAt(this.#steps, at);
  }

  /** The point of a candidate that was drawn: the same bits again, as long as the distribution was not updated. */
  pointOf(place: number, distribution: Distribution): Float64Array {
    return distribution.pointAt(this.#steps, place * this.parameters.dimension);
  }

  /** Places from the best answer to the worst. */
  ranked(): readonly number[] {
    return this.#places.toSorted((a, b) => this.#batch.compare(a, b));
  }

  /**
   * What the update is to learn from; its arrays are overwritten by the next call.
   *
   * An injected point takes part when it is among the mu best; the candidate that it pushes out of them is left out altogether. NaN
   * never counts as good: when fewer than mu candidates have a value, their weights alone are used.
   *
   * @param valid how many of the places in `order` have a value, >= 1
   */
  rank(
    order: readonly number[],
    valid: number,
    distribution: Distribution,
    injected: Injected | undefined,
  ): Ranking {
    const { dimension, lambda, mu } = this.parameters;
    const starts = this.#starts;
    const squares = this.#rankedSquares;
    const better = injected ? order.filter((place) => this.#isBetter(place, injected)).length : mu;
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
    return { steps: this.#steps, starts, squares, ...this.#weigh(valid + Number(isUsed)) };
  }

  #isBetter(place: number, injected: Ranked): boolean {
    return compareRanked(this.#batch.answer(place), injected) <= 0;
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
    const asked = this.#batch.asked;
    this.#batch.save(writer);
    writer.numbers(this.#steps.subarray(0, asked * this.parameters.dimension));
    writer.numbers(this.#squares.subarray(0, asked));
  }

  static load(reader: SnapshotReader, parameters: Parameters): Generation {
    const { dimension, lambda } = parameters;
    const saved = new Generation(parameters);
    saved.#batch = Batch.load(reader, lambda);
    const asked = saved.#batch.asked;
    saved.#steps.set(reader.numbers('steps', asked * dimension, finite));
    saved.#squares.set(reader.numbers('lengths of steps', asked, (value) => value >= 0 && finite(value)));
    return saved;
  }
}
