import { orthogonal } from '../orthogonal.ts';

/** Modulus of the multiplicative generator, 2^31 - 1; its multiplier is 16807. */
const MODULUS = 2_147_483_647;
/** Where a draw that is exactly 0 goes, so that its logarithm is finite. */
const NOT_ZERO = 1e-99;

/** Schrage's way to 16807 · seed mod 2^31 - 1, in exact integers. */
function next(seed: number): number {
  const quotient = Math.floor(seed / 127_773);
  const value = 16_807 * (seed - quotient * 127_773) - 2836 * quotient;
  return value < 0 ? value + MODULUS : value;
}

/**
 * `count` numbers in (0, 1) of the generator that BBOB's instances are drawn by: minimal-standard, shuffled through a table of 32.
 *
 * @see Park and Miller (1988), Commun. ACM 31:1192; Bays and Durham (1976), ACM Trans. Math. Softw. 2:59
 */
export function uniforms(count: number, seed: number): Float64Array {
  let state = Math.max(1, Math.abs(seed));
  const table = new Float64Array(32);
  for (let i = 39; i >= 0; i--) {
    state = next(state);
    if (i < 32) table[i] = state;
  }
  let drawn = table[0]!;
  return Float64Array.from({ length: count }, () => {
    state = next(state);
    const place = Math.floor(drawn / 67_108_865);
    drawn = table[place]!;
    table[place] = state;
    return drawn === 0 ? NOT_ZERO : drawn / MODULUS;
  });
}

/** Standard normal numbers, by Box and Muller, from the first and the second half of twice as many uniform ones. */
export function normals(count: number, seed: number): Float64Array {
  const drawn = uniforms(2 * count, seed);
  return Float64Array.from({ length: count }, (_, i) => {
    const value = Math.sqrt(-2 * Math.log(drawn[i]!)) * Math.cos(2 * Math.PI * drawn[count + i]!);
    return value === 0 ? NOT_ZERO : value;
  });
}

/** What an instance of one BBOB function is made of. Seeds and order of draws are those of COCO. */
export class Draws {
  readonly dimension: number;
  readonly seed: number;
  /** The value at the minimum: a Cauchy number in hundredths within [-1000, 1000]. */
  readonly fopt: number;

  /** @param base the function's number, or that of the function whose draws it shares */
  constructor(base: number, dimension: number, instance: number) {
    this.dimension = dimension;
    this.seed = base + 10_000 * instance;
    const ratio = (100 * 100 * normals(1, this.seed)[0]!) / normals(1, this.seed + 1)[0]!;
    this.fopt = Math.min(1000, Math.max(-1000, Math.floor(ratio + 0.5) / 100));
  }

  /** The place of the minimum: in [-4, 4], by steps of 0.0008, never 0. */
  xopt(seed: number = this.seed): Float64Array {
    return uniforms(this.dimension, seed).map((drawn) => {
      const x = (8 * Math.floor(1e4 * drawn)) / 1e4 - 4;
      return x === 0 ? -1e-5 : x;
    });
  }

  /** The matrix that the definitions call R. */
  r(): Float64Array {
    return this.#rotation(this.seed + 1_000_000);
  }

  /** The matrix that the definitions call Q. */
  q(): Float64Array {
    return this.#rotation(this.seed);
  }

  #rotation(seed: number): Float64Array {
    return orthogonal(normals(this.dimension ** 2, seed), this.dimension);
  }
}
