import type { RandomStream } from '../core/random.ts';
import type { Ranked } from '../core/ranking.ts';
import { inUnitBox, type SnapshotReader, type SnapshotWriter } from './snapshot.ts';

/** An evaluated point. */
export interface Evaluated extends Required<Ranked> {
  readonly x: Float64Array;
}

export function savePoints(writer: SnapshotWriter, key: string, points: readonly Float64Array[]): void {
  writer.put(key, points.length);
  for (const x of points) writer.numbers(x);
}

/** What was saved: `least` to `most` points of the unit box. */
export function loadPoints(
  reader: SnapshotReader,
  key: string,
  dimension: number,
  least: number,
  most: number = least,
): Float64Array[] {
  const size = reader.integer(key, least, most);
  return Array.from({ length: size }, () => reader.numbers(key, dimension, inUnitBox));
}

/** To a header the answers under `key`, to the block the points. */
export function saveEvaluated(writer: SnapshotWriter, key: string, list: readonly Evaluated[]): void {
  writer.answers(key, list);
  for (const { x } of list) writer.numbers(x);
}

export function loadEvaluated(
  reader: SnapshotReader,
  key: string,
  most: number,
  dimension: number,
): Evaluated[] {
  return reader.answers(key, most).map((answer) => {
    if (!answer) throw reader.invalid(`has no value for one of its ${key}`);
    return { fx: answer.fx, violation: answer.violation, x: reader.numbers(key, dimension, inUnitBox) };
  });
}

/** Uniform in the box. */
export function anywhere(count: number, dimension: number, random: RandomStream): Float64Array[] {
  return Array.from({ length: count }, () =>
    Float64Array.from({ length: dimension }, () => random.uniform()),
  );
}

/** A point that somebody else found, with what is known of it; `undefined` when it is of no use. */
export function evaluatedFrom(x: Float64Array, fx: number): Evaluated | undefined {
  if (Number.isNaN(fx) || x.some((value) => Number.isNaN(value))) return undefined;
  return { fx, violation: 0, x: x.map((value) => Math.min(1, Math.max(0, value))) };
}
