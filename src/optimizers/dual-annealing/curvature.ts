import { finite, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';

const PAIRS = 10;

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  /** 1 / (step' change) */
  readonly rho: number;
}

/**
 * What the last steps and the changes of the gradient along them say of the inverse Hessian.
 *
 * @see Nocedal, Wright (2006), Numerical Optimization, 2nd ed., algorithm 7.4 (L-BFGS two-loop recursion) and eq. 7.20
 */
export class Curvature {
  #pairs: Pair[] = [];

  get isEmpty(): boolean {
    return this.#pairs.length === 0;
  }

  /** Pairs of negative curvature are left out. */
  add(step: Float64Array, change: Float64Array): void {
    const product = dot(step, change);
    if (!(product > 1e-12 * Math.sqrt(dot(step, step) * dot(change, change)))) return;
    this.#pairs.push({ step, change, rho: 1 / product });
    if (this.#pairs.length > PAIRS) this.#pairs.shift();
  }

  forget(): void {
    this.#pairs = [];
  }

  /** -H g */
  direction(gradient: Float64Array): Float64Array {
    const q = gradient.slice();
    const alphas = this.#pairs.map(() => 0);
    for (let k = this.#pairs.length - 1; k >= 0; k--) {
      const { step, change, rho } = this.#pairs[k]!;
      alphas[k] = rho * dot(step, q);
      addTo(q, -alphas[k]!, change);
    }
    const last = this.#pairs.at(-1);
    // gamma = s' y / y' y
    const gamma = last ? 1 / (last.rho * dot(last.change, last.change)) : 1;
    for (let i = 0; i < q.length; i++) q[i] = q[i]! * gamma;
    for (const [k, { step, change, rho }] of this.#pairs.entries())
      addTo(q, alphas[k]! - rho * dot(change, q), step);
    return q.map((value) => -value);
  }

  save(writer: SnapshotWriter): void {
    writer.put('pairs', this.#pairs.length);
    for (const { step, change } of this.#pairs) writer.numbers([...step, ...change]);
  }

  static load(reader: SnapshotReader, dimension: number): Curvature {
    const curvature = new Curvature();
    const count = reader.integer('pairs', 0, PAIRS);
    for (let k = 0; k < count; k++)
      curvature.add(reader.numbers('steps', dimension, finite), reader.numbers('changes', dimension, finite));
    if (curvature.#pairs.length < count) throw reader.invalid('has steps of no positive curvature');
    return curvature;
  }
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addTo(a: Float64Array, factor: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i] = a[i]! + factor * b[i]!;
}
