import { addOuterProducts } from '../math/matrix.ts';
import { normalQuantile } from '../math/normal.ts';
import { finite, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import type { Parameters } from './parameters.ts';
import type { Shape } from './shape.ts';
import type { Move } from './update.ts';

/** alpha: how long the path is to be, 1 being that of a random walk; the greater the larger the population becomes. */
const ALPHA = 1.4;
/** beta: how fast path and population change. */
const BETA = 0.4;

/**
 * The population size that keeps updates just reliable enough.
 *
 * The moves of the distribution's parameters theta = (m, Sigma), measured by what they do to the distribution (in the Fisher metric of its old place), are
 * summed up to a path, as those of the mean are for the step size. Where noise, or many local minima, decide the ranks, its length is that of a random walk,
 * and the population grows; where moves agree with each other, it shrinks.
 *
 * @see Nishida, Akimoto (2018), PSA-CMA-ES: CMA-ES with population size adaptation, GECCO 2018, 865-872
 */
export class PopulationSize {
  readonly #least: number;
  readonly #most: number;
  /** lambda, a real number. */
  #size: number;
  /** Its part for the mean, A^-1 (m' - m) / sigma summed up; A is C^(1/2) in the paper, and differs from it by a rotation. */
  readonly #pathMean: Float64Array;
  /** Its part for Sigma, A^-1 (Sigma' - Sigma) A'^-1 / (sqrt(2) sigma^2) summed up: a lower triangle, or a diagonal. */
  readonly #pathShape: Float64Array;
  /** What the squared length of the path would be expected to be for a random walk, and the same of the paths of sigma and C. */
  #gammaTheta = 0;
  #gammaSigma = 0;
  #gammaC = 0;

  /** @param most the largest population, >= that of the parameters */
  constructor({ dimension: n, lambda, isDiagonal }: Parameters, most: number) {
    this.#least = lambda;
    this.#most = most;
    this.#size = lambda;
    this.#pathMean = new Float64Array(n);
    this.#pathShape = new Float64Array(isDiagonal ? n : n * n);
  }

  get lambda(): number {
    return Math.round(this.#size);
  }

  /** Takes a move into account, before the shape is decomposed anew. */
  follow(move: Move, shape: Shape, parameters: Parameters): void {
    const { cSigma, cC, dimension: n } = parameters;
    this.#gammaSigma += cSigma * (2 - cSigma) * (1 - this.#gammaSigma);
    this.#gammaC = (1 - cC) ** 2 * this.#gammaC + (move.isCalm ? cC * (2 - cC) : 0);
    this.#gammaTheta += BETA * (2 - BETA) * (1 - this.#gammaTheta);

    const factor = Math.sqrt((BETA * (2 - BETA)) / this.#expected(parameters));
    const mean = white(move.step, 0, n, shape);
    for (let i = 0; i < n; i++) this.#pathMean[i] = (1 - BETA) * this.#pathMean[i]! + factor * mean[i]!;
    const change = this.#change(move, shape, n);
    const path = this.#pathShape;
    for (let i = 0; i < path.length; i++)
      path[i] = (1 - BETA) * path[i]! + factor * Math.SQRT1_2 * change[i]!;

    const size = this.#size * Math.exp(BETA * (this.#gammaTheta - this.squaredLength / ALPHA));
    this.#size = Math.min(this.#most, Math.max(this.#least, size));
  }

  /** A^-1 Sigma' A'^-1 / sigma^2 - I, with C' = decay C + sum of factors y y'. */
  #change({ decay, rows, starts, factors, widening }: Move, shape: Shape, n: number): Float64Array {
    const square = widening * widening;
    const whites = new Float64Array(starts.length * n);
    for (const [r, start] of starts.entries()) whites.set(white(rows, start, n, shape), r * n);
    const scaled = factors.map((factor) => square * factor);
    const change = new Float64Array(this.#pathShape.length);
    if (change.length === n) {
      for (let i = 0; i < n; i++) {
        let sum = square * decay - 1;
        for (let r = 0; r < starts.length; r++) sum += scaled[r]! * whites[r * n + i]! ** 2;
        change[i] = sum;
      }
      return change;
    }
    for (let i = 0; i < n; i++) change[i * n + i] = square * decay - 1;
    addOuterProducts(
      change,
      n,
      1,
      whites,
      starts.map((_, r) => r * n),
      scaled,
    );
    return change;
  }

  /** Of the path: about 1 when ranks are drawn. */
  get squaredLength(): number {
    const n = this.#pathMean.length;
    const path = this.#pathShape;
    let sum = 0;
    for (const value of this.#pathMean) sum += value * value;
    if (path.length === n) for (const value of path) sum += value * value;
    else
      for (let i = 0; i < n; i++) {
        sum += path[i * n + i]! ** 2;
        for (let j = 0; j < i; j++) sum += 2 * path[i * n + j]! ** 2;
      }
    return sum;
  }

  /**
   * What the squared length of a move is when ranks are drawn: the paper's approximation, and for the negative weights, which it has not,
   * the same with their steps of the length sqrt(n).
   */
  #expected({
    dimension: n,
    weights,
    mu,
    muEff,
    cSigma,
    dSigma,
    cC,
    c1,
    cMu,
    chiN,
    isDiagonal,
  }: Parameters): number {
    const rate = ((n - chiN ** 2) / chiN ** 2) * this.#gammaSigma * (cSigma / dSigma) ** 2;
    let [squares, cubes] = [0, 0];
    // |z z' - I|^2 on average for z ~ N(0, I), and for z of the length sqrt(n); of a diagonal there are n numbers.
    const spread = isDiagonal ? 2 * n : n * n + n;
    const less = isDiagonal ? (2 * n * (n - 1)) / (n + 2) : n * n - n;
    for (const [i, weight] of weights.entries()) {
      squares += (i < mu ? spread : less) * weight ** 2;
      if (i < mu) cubes += weight * weight * weight;
    }
    const gamma = this.#gammaC;
    const rankOne = (isDiagonal ? gamma ** 2 : gamma ** 2 * n) + 1 - 2 * gamma + 2 * gamma ** 2;
    const learned =
      cMu ** 2 * squares + spread * cC * (2 - cC) * c1 * cMu * muEff * cubes + c1 ** 2 * n * rankOne;
    return n / muEff + 2 * n * rate + (1 + 8 * rate) * (learned / 2);
  }

  save(writer: SnapshotWriter): void {
    writer.numbers([this.#size, this.#gammaTheta, this.#gammaSigma, this.#gammaC]);
    writer.numbers(this.#pathMean);
    writer.numbers(this.#pathShape);
  }

  load(reader: SnapshotReader): void {
    this.#size = reader.number('population size', (value) => value >= this.#least && value <= this.#most);
    const gammas = reader.numbers('lengths of paths', 3, (value) => value >= 0 && value <= 1);
    [this.#gammaTheta, this.#gammaSigma, this.#gammaC] = gammas as unknown as [number, number, number];
    this.#pathMean.set(reader.numbers('path of the mean', this.#pathMean.length, finite));
    this.#pathShape.set(reader.numbers('path of the shape', this.#pathShape.length, finite));
  }
}

/** A^-1 y */
function white(rows: Float64Array, at: number, n: number, shape: Shape): Float64Array {
  const out = new Float64Array(n);
  shape.whiten(rows, at, out);
  return out;
}

/**
 * The step size that is best on the sphere, up to a factor: by its ratio steps grow with the population, which sigma by itself would follow
 * too slowly.
 */
export function bestStepSize({ dimension: n, lambda, mu, weights, muEff }: Parameters): number {
  let c = 0;
  // Expected normal order statistics by Blom's formula.
  for (let i = 0; i < mu; i++) c -= weights[i]! * normalQuantile((i + 1 - 0.375) / (lambda + 0.25));
  return (n * c * muEff) / (n - 1 + c * c * muEff);
}
