import { density, EDGES, HEIGHTS, SCALES, TAIL } from './ziggurat.ts';

/**
 * Random numbers of two kinds.
 *
 * Decisions draw by counter: a draw is a pure function of (seed, path, numbers), so neither the order in which conditions
 * are looked at nor lazy evaluation changes any other draw. Optimizers and generators draw from a stream whose whole state is four integers.
 */

/** Four unsigned 32-bit integers. */
export type Words = readonly [number, number, number, number];

const ROUND_A = 0xd2511f53;
const ROUND_B = 0xcd9e8d57;
const WEYL_A = 0x9e3779b9;
const WEYL_B = 0xbb67ae85;

/** The high 32 bits of the 64-bit product of two unsigned 32-bit integers. */
function mulHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(carry / 65536)) >>> 0;
}

/**
 * Philox4x32-10: a bijection of 128 bits chosen by a 64-bit key, whose outputs pass as random.
 *
 * @see Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, SC '11, section 3.3
 */
export function philox(counter: Words, key: readonly [number, number]): Words {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const highA = mulHigh(ROUND_A, c0);
    const lowA = Math.imul(ROUND_A, c0) >>> 0;
    const highB = mulHigh(ROUND_B, c2);
    const lowB = Math.imul(ROUND_B, c2) >>> 0;
    [c0, c1, c2, c3] = [(highB ^ c1 ^ k0) >>> 0, lowB, (highA ^ c3 ^ k1) >>> 0, lowA];
    k0 = (k0 + WEYL_A) >>> 0;
    k1 = (k1 + WEYL_B) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** FNV-1a over the UTF-16 units of a component's path: tells streams of different components apart. */
function hashPath(path: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < path.length; i++) hash = Math.imul(hash ^ path.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** 53 random bits as a number in [0, 1). */
function toUnit(high: number, low: number): number {
  return ((high >>> 5) * 67108864 + (low >>> 6)) / 9007199254740992;
}

/** The 128 bits that belong to (seed, path, a, b). Seeds are any non-negative safe integer, as are `a` and `b` up to 2^32. */
export function wordsAt(seed: number, path: string, a: number, b: number): Words {
  const key = [seed >>> 0, Math.floor(seed / 4294967296) >>> 0] as const;
  return philox([a >>> 0, b >>> 0, hashPath(path), Math.floor(a / 4294967296) >>> 0], key);
}

/** One draw, uniform in [0, 1), that depends on its arguments alone. */
export function drawAt(seed: number, path: string, a: number, b: number): number {
  const words = wordsAt(seed, path, a, b);
  return toUnit(words[0], words[1]);
}

/** The place in the layer of the ziggurat that the low 8 bits of `high` choose, of 53 bits with sign; the half makes both sides alike. */
function placeOf(high: number, low: number): number {
  return ((high >> 11) * 4294967296 + (low >>> 0) + 0.5) * SCALES[high & 255]!;
}

/** A stream of random numbers: xoshiro128** (Blackman & Vigna 2021), period 2^128 - 1. */
export class RandomStream {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** @param state any four words; all zero, which the generator could never leave, is moved off zero */
  constructor(state: Words) {
    [this.#a, this.#b, this.#c, this.#d] = state.map((word) => word | 0) as [number, number, number, number];
    if ((this.#a | this.#b | this.#c | this.#d) === 0) this.#a = 1;
  }

  /** The stream that belongs to (seed, path, a, b), independent of all others. */
  static at(seed: number, path: string, a = 0, b = 0): RandomStream {
    return new RandomStream(wordsAt(seed, path, a, b));
  }

  /** Its whole state; a stream made from it continues with the same numbers. */
  get state(): Words {
    return [this.#a >>> 0, this.#b >>> 0, this.#c >>> 0, this.#d >>> 0];
  }

  /** Uniform over the unsigned 32-bit integers. */
  word(): number {
    const five = Math.imul(this.#b, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    return toUnit(this.word(), this.word());
  }

  /** Uniform over the integers 0 .. `below` - 1. */
  integer(below: number): number {
    return Math.floor(this.uniform() * below);
  }

  /** Standard normal, by the polar method; the second value of a pair is not kept, so four words are the whole state. */
  normal(): number {
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) return u * Math.sqrt((-2 * Math.log(s)) / s);
    }
  }

  /**
   * Standard normal values, `count` of them, into `out` from `from` on: by the ziggurat, of two words each but for one in sixty, and many times faster
   * than `normal`. They do not depend on how many are drawn at once.
   */
  normals(out: Float64Array, from: number, count: number): void {
    const to = from + count;
    for (let i = from; i < to; i++) {
      // The state in variables, and a loop that calls nothing: so it stays in registers.
      let a = this.#a | 0;
      let b = this.#b | 0;
      let c = this.#c | 0;
      let d = this.#d | 0;
      let layer = 0;
      let place = 0;
      for (; i < to; i++) {
        // `word`, twice
        let five = Math.imul(b, 5);
        const high = Math.imul((five << 7) | (five >>> 25), 9);
        let shifted = b << 9;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= shifted;
        d = (d << 11) | (d >>> 21);
        five = Math.imul(b, 5);
        const low = Math.imul((five << 7) | (five >>> 25), 9);
        shifted = b << 9;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= shifted;
        d = (d << 11) | (d >>> 21);

        layer = high & 255;
        place = placeOf(high, low);
        if (Math.abs(place) >= EDGES[layer + 1]!) break;
        out[i] = place;
      }
      this.#a = a;
      this.#b = b;
      this.#c = c;
      this.#d = d;
      if (i < to) out[i] = this.#beside(layer, place);
    }
  }

  /** A normal value for a place that may be beside the density: that place, or another one. */
  #beside(firstLayer: number, firstPlace: number): number {
    let layer = firstLayer;
    let z = firstPlace;
    for (;;) {
      if (Math.abs(z) < EDGES[layer + 1]!) return z;
      if (layer === 0) return z < 0 ? -this.#tail() : this.#tail();
      const height = HEIGHTS[layer]! + this.uniform() * (HEIGHTS[layer + 1]! - HEIGHTS[layer]!);
      if (height < density(z)) return z;
      const high = this.word() | 0;
      layer = high & 255;
      z = placeOf(high, this.word());
    }
  }

  /** A normal value given that it is beyond `TAIL`: Marsaglia (1964), Technometrics 6, 101-102. */
  #tail(): number {
    for (;;) {
      const x = -Math.log(1 - this.uniform()) / TAIL;
      const y = -Math.log(1 - this.uniform());
      if (y + y > x * x) return TAIL + x;
    }
  }
}

/** A seed for whoever gave none: 48 random bits, short enough to be typed again. */
export function freshSeed(): number {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return ((high ?? 0) & 0xffff) * 4294967296 + (low ?? 0);
}
