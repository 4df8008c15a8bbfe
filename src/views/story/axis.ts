import type { AxisPatch, TrackPatch } from './frame.ts';

/** So many buckets are the most that an axis is divided into: more than a screen has pixels, or a window of it. */
const MOST_COLUMNS = 2048;

/** And so many are the most of all tracks together, for as long as an axis has more than `FEWEST_COLUMNS`. */
const MOST_BUCKETS = 40_000;
const FEWEST_COLUMNS = 64;

/** The extremes of what a track has within one column. */
interface Bucket {
  readonly column: number;
  minAt: number;
  min: number;
  maxAt: number;
  max: number;
  /** The revision in which it changed last. */
  changed: number;
}

interface Track {
  buckets: Bucket[];
  changed: number;
}

/**
 * Values of many optimizers along one axis (calls or time), each as its least and its greatest value a column. As the axis grows, columns become
 * twice as wide, so that memory is bounded however long a run is. What comes of it does not depend on how the values were
 * grouped when they came.
 */
export class Axis {
  #width: number;
  #columns = 0;
  #count = 0;
  #widened = 0;
  #revision = 1;
  readonly #tracks = new Map<number, Track>();

  /** @param width of a column at the beginning */
  constructor(width = 1) {
    this.#width = width;
  }

  get width(): number {
    return this.#width;
  }

  /** @param at where on the axis, at least 0 @param revision of the story, never less than before */
  add(id: number, at: number, value: number, revision: number): void {
    this.#revision = revision;
    const column = Math.floor(at / this.#width);
    let track = this.#tracks.get(id);
    if (!track) {
      track = { buckets: [], changed: revision };
      this.#tracks.set(id, track);
    }
    const bucket = this.#bucketAt(track, column, at, value);
    if (value < bucket.min || (value === bucket.min && at < bucket.minAt)) {
      bucket.min = value;
      bucket.minAt = at;
    }
    if (value > bucket.max || (value === bucket.max && at < bucket.maxAt)) {
      bucket.max = value;
      bucket.maxAt = at;
    }
    bucket.changed = revision;
    track.changed = revision;
    if (column >= this.#columns) this.#columns = column + 1;
    while (this.#isFull()) this.#widen();
  }

  /** What has changed since a revision. */
  patch(since: number): AxisPatch {
    const isWhole = since < this.#widened;
    const tracks: TrackPatch[] = [];
    for (const [id, { buckets, changed }] of this.#tracks) {
      if (!isWhole && changed <= since) continue;
      const from = isWhole ? 0 : buckets.findIndex((bucket) => bucket.changed > since);
      if (from >= 0) tracks.push({ id, from, points: buckets.slice(from).flatMap(pointsOf) });
    }
    return { width: this.#width, isWhole, tracks };
  }

  /** Values come nearly in the order of the axis: mostly it is the last one. */
  #bucketAt({ buckets }: Track, column: number, at: number, value: number): Bucket {
    let place = buckets.length;
    while (place > 0 && buckets[place - 1]!.column > column) place--;
    const there = buckets[place - 1];
    if (there?.column === column) return there;
    const bucket = { column, minAt: at, min: value, maxAt: at, max: value, changed: 0 };
    // All behind it move, which is a change as well.
    for (const later of buckets.slice(place)) later.changed = this.#revision;
    buckets.splice(place, 0, bucket);
    this.#count++;
    return bucket;
  }

  #isFull(): boolean {
    if (this.#columns > MOST_COLUMNS) return true;
    return this.#count > MOST_BUCKETS && this.#columns > FEWEST_COLUMNS;
  }

  #widen(): void {
    this.#width *= 2;
    this.#columns = Math.ceil(this.#columns / 2);
    this.#widened = this.#revision;
    this.#count = 0;
    for (const track of this.#tracks.values()) {
      const wider: Bucket[] = [];
      for (const one of track.buckets) {
        // Time in milliseconds has more than 31 bits.
        const column = Math.floor(one.column / 2);
        const last = wider.at(-1);
        if (last?.column === column) merge(last, one);
        else wider.push({ ...one, column });
      }
      track.buckets = wider;
      this.#count += wider.length;
    }
  }
}

function merge(into: Bucket, { min, minAt, max, maxAt }: Bucket): void {
  if (min < into.min) {
    into.min = min;
    into.minAt = minAt;
  }
  if (max > into.max) {
    into.max = max;
    into.maxAt = maxAt;
  }
}

function pointsOf({ min, minAt, max, maxAt }: Bucket): readonly number[] {
  return minAt <= maxAt ? [minAt, min, maxAt, max] : [maxAt, max, minAt, min];
}
