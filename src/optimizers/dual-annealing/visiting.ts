import type { RandomStream } from '../../core/random.ts';
import { power } from '../../core/power.ts';
import { logGamma } from '../math/gamma.ts';

/** Beyond it a step says nothing but "anywhere"; it also keeps the digits of a coordinate. */
const LONGEST = 1e8;

/**
 * The distribution of a step at one temperature: Cauchy's for q_v = 2, with heavier tails above.
 *
 * @see Tsallis, Stariolo (1996), Generalized simulated annealing, Physica A 233, 395-406: the distribution of one coordinate
 * @see Schanze (2006), An exact D-dimensional Tsallis random number generator for generalized simulated annealing, Comput. Phys. Commun. 175, 708: draws by a normal one over a power of another
 */
export class Visiting {
  readonly #q: number;
  /** ln of what does not depend on the temperature in the width of the numerator. */
  readonly #factor: number;

  constructor(q: number) {
    this.#q = q;
    // sigma = (sqrt(pi) (q - 1)^(4 - q) T^(1 / (q - 1)) / (2^((2 - q) / (q - 1)) (3 - q) Gamma(1 / (q - 1) - 1/2)))^((q - 1) / (3 - q))
    this.#factor =
      0.5 * Math.log(Math.PI) +
      (4 - q) * Math.log(q - 1) -
      ((2 - q) / (q - 1)) * Math.LN2 -
      Math.log(3 - q) -
      logGamma(1 / (q - 1) - 0.5);
  }

  /** T = T_0 (2^(q - 1) - 1) / ((1 + t)^(q - 1) - 1) at time t = 1, 2, ... */
  temperature(initial: number, time: number): number {
    const exponent = this.#q - 1;
    return (initial * (power(2, exponent) - 1)) / (power(1 + time, exponent) - 1);
  }

  /** One coordinate of a step. */
  step(temperature: number, random: RandomStream): number {
    const q = this.#q;
    const logSigma = ((this.#factor + Math.log(temperature) / (q - 1)) * (q - 1)) / (3 - q);
    const numerator = Math.exp(logSigma) * random.normal();
    const denominator = power(Math.abs(random.normal()), (q - 1) / (3 - q));
    const step = numerator / denominator;
    if (Math.abs(step) <= LONGEST) return step;
    return Math.sign(step) * LONGEST * random.uniform();
  }
}

/** The unit interval as a ring, as steps of any length need it. */
export function wrapped(place: number): number {
  const rest = place - Math.floor(place);
  return rest < 1 ? rest : 0;
}

/**
 * The probability to accept a rise: (1 - (1 - q) rise / T)^(1 / (1 - q)), 0 where that is no number.
 *
 * @see Tsallis, Stariolo (1996), the generalized Metropolis rule
 */
export function acceptance(rise: number, temperature: number, q: number): number {
  if (rise <= 0) return 1;
  const base = 1 - ((1 - q) * rise) / temperature;
  return base > 0 ? power(base, 1 / (1 - q)) : 0;
}
