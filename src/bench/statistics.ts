import { RandomStream } from '../core/random.ts';

/** Two ends of a 95 % interval. */
export type Interval = readonly [low: number, high: number];

/** Signs are enumerated for up to so many pairs; beyond, their sum is as good as normal. */
const LARGEST_EXACT = 50;
const LEVEL = 0.95;

/** NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** By linear interpolation between the sorted values, as NumPy's default. */
export function quantile(sorted: readonly number[] | Float64Array, part: number): number {
  const at = part * (sorted.length - 1);
  const low = Math.floor(at);
  const [below = NaN, above = below] = [sorted[low], sorted[Math.min(low + 1, sorted.length - 1)]];
  return below + (at - low) * (above - below);
}

/** Ranks from 1; equal values share the mean of theirs. */
export function midranks(values: readonly number[]): readonly number[] {
  const order = values.map((_, i) => i).toSorted((a, b) => values[a]! - values[b]!);
  const ranks = Array.from(values, () => 0);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]!] === values[order[from]!]) to++;
    for (let i = from; i <= to; i++) ranks[order[i]!] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return ranks;
}

/**
 * The two-sided p-value of Wilcoxon's signed-rank test: how often signs at random give rank sums at least as unequal. Differences of 0 are
 * left out; ties share their ranks, also where the distribution is exact, which is up to 50 differences.
 *
 * @see Wilcoxon (1945), Individual comparisons by ranking methods, Biometrics Bulletin 1:80
 */
export function wilcoxon(differences: readonly number[]): number {
  const nonzero = differences.filter((difference) => difference !== 0);
  if (nonzero.length === 0) return 1;
  const ranks = midranks(nonzero.map(Math.abs));
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const positive = ranks.reduce((sum, rank, i) => sum + (nonzero[i]! > 0 ? rank : 0), 0);
  const smaller = Math.min(positive, total - positive);
  if (nonzero.length > LARGEST_EXACT) {
    // The variance of the sum, ties included.
    const variance = ranks.reduce((sum, rank) => sum + rank * rank, 0) / 4;
    return Math.min(1, 2 * normalTail((total / 2 - smaller) / Math.sqrt(variance)));
  }
  return Math.min(1, 2 * shareUpTo(ranks, smaller));
}

/** Of all choices of signs, the share whose positive ranks sum up to no more than `limit`. */
function shareUpTo(ranks: readonly number[], limit: number): number {
  // Doubled, as ranks of ties may be halves.
  const most = Math.round(2 * limit);
  const shares = new Float64Array(most + 1);
  shares[0] = 1;
  for (const rank of ranks) {
    const step = Math.round(2 * rank);
    for (let sum = most; sum >= 0; sum--)
      shares[sum] = (shares[sum]! + (sum >= step ? shares[sum - step]! : 0)) / 2;
  }
  return shares.reduce((sum, share) => sum + share, 0);
}

/**
 * P(Z > z) for z >= 0, by the continued fraction of the complementary error function, or its series near 0; 12 digits.
 *
 * @see Abramowitz & Stegun (1964), 26.2.10 and 26.2.14
 */
export function normalTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z > 3) {
    let fraction = z;
    for (let k = 60; k >= 1; k--) fraction = z + k / fraction;
    return density / fraction;
  }
  let term = z;
  let sum = z;
  for (let k = 1; k < 100; k++) {
    term *= (z * z) / (2 * k + 1);
    sum += term;
  }
  return 0.5 - density * sum;
}

/**
 * Holm's p-values, in the order in which they were given: together they are below `alpha` by chance no more often than `alpha`.
 *
 * @see Holm (1979), A simple sequentially rejective multiple test procedure, Scand. J. Statist. 6:65
 */
export function holm(pValues: readonly number[]): readonly number[] {
  const order = pValues.map((_, i) => i).toSorted((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = Array.from(pValues, () => 1);
  let largest = 0;
  for (const [rank, i] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[i]!));
    adjusted[i] = largest;
  }
  return adjusted;
}

/**
 * A 95 % interval of the mean over all values of all clusters, by drawing whole clusters with replacement; the values of a single cluster one by one.
 *
 * @see Efron & Tibshirani (1993), An Introduction to the Bootstrap, sections 8.3 and 13.3
 */
export function bootstrapMean(
  clusters: readonly (readonly number[])[],
  seed: number,
  replicates = 2000,
): Interval {
  const units = clusters.length === 1 ? clusters[0]!.map((value) => [value]) : clusters;
  const sums = Float64Array.from(units, (values) => values.reduce((sum, value) => sum + value, 0));
  const random = RandomStream.at(seed, 'bench-bootstrap');
  const means = new Float64Array(replicates);
  for (let replicate = 0; replicate < replicates; replicate++) {
    let sum = 0;
    let count = 0;
    for (let i = 0; i < units.length; i++) {
      const unit = random.integer(units.length);
      sum += sums[unit]!;
      count += units[unit]!.length;
    }
    means[replicate] = sum / count;
  }
  means.sort();
  return [quantile(means, (1 - LEVEL) / 2), quantile(means, (1 + LEVEL) / 2)];
}
