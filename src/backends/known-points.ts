import type { JsonObject } from '../core/json.ts';
import type { Space } from '../space/space.ts';
import { NearPoints, type Placed } from './near-points.ts';

/** So many points are remembered; the oldest leave. */
const MOST_KNOWN = 1_000_000;
/** Before the bit pattern of no coordinate that is looked at. */
const NOWHERE = new Float64Array();

/** What a task said of a point. */
export interface KnownValue {
  readonly fx: number;
  /** 0: feasible. */
  readonly violation: number;
  readonly extras?: JsonObject | undefined;
}

interface Entry extends KnownValue, Placed {
  readonly key: string;
}

/**
 * Points whose values are known.
 *
 * @remarks For n parameters a point takes about 150 + 8n bytes; with a tolerance, 400 + 16n. Without a tolerance a search is one look-up;
 * with one see `NearPoints`.
 */
export class KnownPoints {
  readonly #space: Space;
  readonly #most: number;
  /** By the bits of all parameters; in the order in which they came. */
  readonly #entries = new Map<string, Entry>();
  readonly #near: NearPoints<Entry> | undefined;

  /** @param tolerance how near a point must be to count as the same, in every coordinate of the unit box; 0: the same bits in task units */
  constructor(space: Space, tolerance: number, most: number = MOST_KNOWN) {
    this.#space = space;
    this.#most = most;
    if (tolerance > 0) this.#near = new NearPoints(tolerance);
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * @param x all parameters, in task units
   * @param order of two values of one point that with the lower order stays
   */
  add(x: Float64Array, { fx, violation, extras }: KnownValue, order: number): void {
    const key = keyOf(x);
    const before = this.#entries.get(key);
    if (before && before.order <= order) return;
    if (before) this.#delete(before);
    const point = this.#near ? this.#space.toUnit(x) : NOWHERE;
    const entry = { key, point, order, fx, violation, extras };
    this.#entries.set(key, entry);
    this.#near?.add(entry);
    if (this.#entries.size <= this.#most) return;
    for (const oldest of this.#entries.values()) {
      this.#delete(oldest);
      break;
    }
  }

  /** The value of the same point or, with a tolerance, of the nearest one within it. */
  find(x: Float64Array): KnownValue | undefined {
    return this.#entries.get(keyOf(x)) ?? this.#near?.nearest(this.#space.toUnit(x));
  }

  #delete(entry: Entry): void {
    this.#entries.delete(entry.key);
    this.#near?.delete(entry);
  }
}

/** One character a byte. */
function keyOf(x: Float64Array): string {
  return Buffer.from(x.buffer, x.byteOffset, x.byteLength).toString('latin1');
}
