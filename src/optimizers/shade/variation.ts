import type { RandomStream } from '../../core/random.ts';
import type { Evaluated } from '../evaluated.ts';
import type { Control } from './memory.ts';

/** Of the population at least so many are "p-best", and of these at most this share of it. */
const LEAST_BEST = 2;
const LARGEST_SHARE = 0.2;

/**
 * The trial of parent `i`: current-to-pbest/1 with archive, then binomial crossover.
 *
 * @param order the places of `population` from the best to the worst
 * @param archive points that were replaced by better ones
 */
export function vary(
  population: readonly Evaluated[],
  order: readonly number[],
  archive: readonly Float64Array[],
  i: number,
  { crossover, scale }: Control,
  random: RandomStream,
): Float64Array {
  const size = population.length;
  const { x } = population[i]!;
  // p_i uniform in [2 / N, 0.2]
  const least = LEAST_BEST / size;
  const share = least + random.uniform() * Math.max(0, LARGEST_SHARE - least);
  const { x: best } = population[order[random.integer(Math.max(LEAST_BEST, Math.floor(share * size)))]!]!;
  const first = otherThan([i], size, random);
  const second = otherThan([i, first], size + archive.length, random);
  const { x: plus } = population[first]!;
  const minus = second < size ? population[second]!.x : archive[second - size]!;
  const always = random.integer(x.length);
  return x.map((value, j) => {
    if (j !== always && random.uniform() >= crossover) return value;
    // v = x + F (x_pbest - x) + F (x_r1 - x_r2)
    const mutant = value + scale * (best[j]! - value) + scale * (plus[j]! - minus[j]!);
    // Half way to a bound that it would cross.
    return mutant < 0 ? value / 2 : mutant > 1 ? (1 + value) / 2 : mutant;
  });
}

/** Uniform over 0 .. `below` - 1 without `taken`. */
function otherThan(taken: readonly number[], below: number, random: RandomStream): number {
  for (;;) {
    const drawn = random.integer(below);
    if (!taken.includes(drawn)) return drawn;
  }
}
