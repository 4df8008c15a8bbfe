import type { Ranked } from '../../core/ranking.ts';
import { compareRanked } from '../../core/ranking.ts';
import { finite, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';

/** An evaluated point of the unbounded space (`math/box.ts`). */
export interface Vertex extends Required<Ranked> {
  readonly x: Float64Array;
}

/** n + 1 vertices, the best one first; of equals the older one first. */
export class Simplex {
  readonly #vertices: Vertex[];

  constructor(vertices: readonly Vertex[]) {
    this.#vertices = vertices.toSorted(compareRanked);
  }

  get vertices(): readonly Vertex[] {
    return this.#vertices;
  }

  get best(): Vertex {
    return this.#vertices[0]!;
  }

  get secondWorst(): Vertex {
    return this.#vertices.at(-2)!;
  }

  get worst(): Vertex {
    return this.#vertices.at(-1)!;
  }

  replaceWorst(vertex: Vertex): void {
    this.#vertices.pop();
    const at = this.#vertices.findIndex((other) => compareRanked(vertex, other) < 0);
    this.#vertices.splice(at < 0 ? this.#vertices.length : at, 0, vertex);
  }

  /** The mean of all vertices but the worst. */
  centroid(): Float64Array {
    const sum = new Float64Array(this.best.x.length);
    const count = this.#vertices.length - 1;
    for (let v = 0; v < count; v++) {
      const { x } = this.#vertices[v]!;
      for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + x[i]!;
    }
    return sum.map((value) => value / count);
  }

  /** The greatest distance from the best vertex in any coordinate. */
  size(): number {
    const { x: best } = this.best;
    let size = 0;
    for (const { x } of this.#vertices)
      for (let i = 0; i < x.length; i++) size = Math.max(size, Math.abs(x[i]! - best[i]!));
    return size;
  }
}

export function saveVertices(writer: SnapshotWriter, key: string, vertices: readonly Vertex[]): void {
  writer.answers(key, vertices);
  for (const { x } of vertices) writer.numbers(x);
}

/** At most `most` vertices. */
export function loadVertices(
  reader: SnapshotReader,
  key: string,
  most: number,
  dimension: number,
): readonly Vertex[] {
  const answers = reader.answers(key, most);
  return answers.map((answer) => {
    if (!answer) throw reader.invalid(`has no value for one of its ${key}`);
    const { fx, violation } = answer;
    return { fx, violation, x: reader.numbers(key, dimension, finite) };
  });
}
