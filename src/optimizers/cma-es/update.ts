import { power } from '../../core/power.ts';
import type { Distribution } from './distribution.ts';
import type { Parameters } from './parameters.ts';

/** The candidates of a generation in the order of their rank, as the update wants them. */
export interface Ranking {
  /** All y of the generation, one a row; behind them one row that is free for the path. */
  readonly steps: Float64Array;
  /** Where the rows begin, best first; the last entry is the free row. */
  readonly starts: Int32Array;
  /** Squared lengths of C^(-1/2) y, by rank. */
  readonly squares: Float64Array;
  /** Recombination weights, by rank. */
  readonly weights: Float64Array;
  /** What the positive ones sum to: 1, or less when candidates without a value have lost theirs. C then learns less, the mean does not. */
  readonly positiveMass: number;
  /** Variance effective selection mass of the positive ones among `weights`. */
  readonly muEff: number;
}

/** What an update does to the distribution: C' = decay C + sum of factors[r] y_r y_r', sigma' = widening sigma. */
export interface Move {
  /** (m' - m) / (sigma S) */
  readonly step: Float64Array;
  readonly decay: number;
  /** The y, at `starts`. */
  readonly rows: Float64Array;
  readonly starts: Int32Array;
  readonly factors: Float64Array;
  readonly widening: number;
  /** h_sigma */
  readonly isCalm: boolean;
}

/** Allocated once, used by every update. */
export class Updater {
  readonly #step: Float64Array;
  readonly #white: Float64Array;
  readonly #factors: Float64Array;

  constructor({ dimension, lambda }: Parameters) {
    this.#step = new Float64Array(dimension);
    this.#white = new Float64Array(dimension);
    this.#factors = new Float64Array(lambda + 1);
  }

  /**
   * Moves the distribution towards the better candidates of one generation, and away from the worse ones.
   *
   * @param watch is called before limits and the decomposition, with what is overwritten afterwards
   * @remarks O(lambda n^2), O(lambda n) for a diagonal C; the decomposition, O(n^3), happens every `decompositionGap` calls.
   * @see Hansen (2016), The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772, eqs. 41-47
   */
  update(distribution: Distribution, ranking: Ranking, watch?: (move: Move) => void): void {
    const { mean, scale, sigma } = distribution;
    const step = this.#step;
    this.#recombine(ranking);
    for (let i = 0; i < step.length; i++) mean[i] = mean[i]! + sigma * scale[i]! * step[i]!; // eq. 42, c_m = 1

    distribution.updates++;
    const length = this.#lengthenPathSigma(distribution, ranking.muEff);
    const learned = this.#adaptCovariance(distribution, ranking, length);

    const { cSigma, dSigma, chiN } = distribution.parameters;
    // eq. 44, the exponent limited as injected points demand (arXiv:1110.4181)
    const widening = Math.exp(Math.min(1, (cSigma / dSigma) * (length / chiN - 1)));
    distribution.sigma *= widening;
    watch?.({ step: this.#step, widening, ...learned });
    distribution.keepLimits();
    distribution.decomposeIfDue();
  }

  /** Lets the steps grow out of a plateau. */
  leaveFlatness(distribution: Distribution): void {
    const { cSigma, dSigma } = distribution.parameters;
    this.widen(distribution, Math.exp(0.2 + cSigma / dSigma));
  }

  widen(distribution: Distribution, factor: number): void {
    distribution.sigma *= factor;
    distribution.keepLimits();
  }

  /** eq. 41: the weighted mean of the better steps. */
  #recombine({ steps, starts, weights, positiveMass }: Ranking): void {
    const step = this.#step.fill(0);
    for (let rank = 0; rank < weights.length && weights[rank]! > 0; rank++) {
      const start = starts[rank]!;
      const weight = weights[rank]! / positiveMass;
      for (let i = 0; i < step.length; i++) step[i] = step[i]! + weight * steps[start + i]!;
    }
  }

  /**
   * eq. 43, with A^-1 in place of C^(-1/2): the same but for a rotation that hardly changes from one decomposition to the next.
   *
   * @returns the length of the path
   * @see Krause, Arbones, Igel (2016), CMA-ES with optimal covariance update and storage complexity, NIPS 29, section 3
   */
  #lengthenPathSigma(distribution: Distribution, muEff: number): number {
    const { pathSigma, shape } = distribution;
    const { cSigma, dimension } = distribution.parameters;
    const white = this.#white;
    shape.whiten(this.#step, 0, white);
    const factor = Math.sqrt(cSigma * (2 - cSigma) * muEff);
    let square = 0;
    for (let i = 0; i < dimension; i++) {
      const value = (1 - cSigma) * pathSigma[i]! + factor * white[i]!;
      pathSigma[i] = value;
      square += value * value;
    }
    return Math.sqrt(square);
  }

  /** eqs. 45-47 */
  #adaptCovariance(
    distribution: Distribution,
    ranking: Ranking,
    length: number,
  ): Omit<Move, 'step' | 'widening'> {
    const { pathC, shape, updates } = distribution;
    const { dimension: n, cSigma, cC, c1, cMu, chiN } = distribution.parameters;
    const { steps, starts, squares, weights, muEff } = ranking;

    // h_sigma: no news for the path of C while sigma grows fast.
    const expected = Math.sqrt(1 - power(1 - cSigma, 2 * updates)) * chiN;
    const isCalm = length < (1.4 + 2 / (n + 1)) * expected;
    const factor = isCalm ? Math.sqrt(cC * (2 - cC) * muEff) : 0;
    for (let i = 0; i < n; i++) pathC[i] = (1 - cC) * pathC[i]! + factor * this.#step[i]!; // eq. 45

    const factors = this.#factors;
    let sum = 0;
    for (let rank = 0; rank < weights.length; rank++) {
      const weight = weights[rank]!;
      sum += weight;
      // eq. 46: a bad step counts by its direction alone, however long it is.
      factors[rank] = cMu * (weight < 0 ? (weight * n) / Math.max(squares[rank]!, 1e-100) : weight);
    }
    factors[weights.length] = c1;
    steps.set(pathC, starts[weights.length]);
    const lost = isCalm ? 0 : c1 * cC * (2 - cC); // delta(h_sigma) c_1
    const decay = 1 + lost - c1 - cMu * sum;
    shape.learn(decay, steps, starts, factors); // eq. 47
    return { decay, rows: steps, starts, factors, isCalm };
  }
}
