import { power } from '../../core/power.ts';
import { LU } from '../math/lu.ts';
import { dot, minus, norm } from '../math/vector.ts';
import type { Quadratic } from '../trust-region/step.ts';
import { QuadraticModel } from './quadratic-model.ts';

/**
 * The conditions for the quadratic of least second derivatives (Frobenius norm) that has given values at some points: with s_j from the base to
 * point j,
 *
 *     [ A  e  S ] [lambda]   [values]
 *     [ e' 0  0 ] [  c   ] = [  0   ]      A_jk = (s_j's_k)^2 / 2,      H = sum of lambda_j s_j s_j'
 *     [ S' 0  0 ] [  g   ]   [  0   ]
 *
 * All lengths are in units of the longest s_j, for the sake of rounding.
 *
 * @remarks O((3 n)^3) to make with 2 n + 1 points, O((3 n)^2) to solve
 * @see Powell (2004), Least Frobenius norm updating of quadratic models that satisfy interpolation conditions, Math. Program. 100, 183; eqs. 1.7, 3.5
 */
export class Interpolation {
  readonly #n: number;
  readonly #s: readonly Float64Array[];
  readonly #unit: number;
  readonly #lu: LU;

  private constructor(n: number, s: readonly Float64Array[], unit: number, lu: LU) {
    this.#n = n;
    this.#s = s;
    this.#unit = unit;
    this.#lu = lu;
  }

  /** @returns `undefined` when the points determine no quadratic */
  static of(points: readonly Float64Array[], base: Float64Array): Interpolation | undefined {
    const [m, n] = [points.length, base.length];
    const s = points.map((x) => minus(x, base));
    const unit = Math.max(...s.map(norm));
    if (!(unit > 0)) return undefined;
    const size = m + n + 1;
    const a = new Float64Array(size * size);
    const scaled = s.map((one) => one.map((value) => value / unit));
    for (let j = 0; j < m; j++) {
      for (let k = 0; k <= j; k++) {
        const entry = dot(scaled[j]!, scaled[k]!) ** 2 / 2;
        a[j * size + k] = entry;
        a[k * size + j] = entry;
      }
      a[j * size + m] = 1;
      a[m * size + j] = 1;
      for (let i = 0; i < n; i++) {
        a[j * size + m + 1 + i] = scaled[j]![i]!;
        a[(m + 1 + i) * size + j] = scaled[j]![i]!;
      }
    }
    const lu = LU.of(a, size);
    return lu && new Interpolation(n, s, unit, lu);
  }

  /** Changes the model, which counts from the base, as little as can be, so that its value at point j becomes higher by `rests[j]`. */
  correct(model: QuadraticModel, rests: Float64Array): void {
    const m = this.#s.length;
    const solved = this.#solve(rests);
    model.constant += solved[m]!;
    for (let i = 0; i < this.#n; i++)
      model.gradient[i] = model.gradient[i]! + solved[m + 1 + i]! / this.#unit;
    for (const [j, s] of this.#s.entries()) model.bend(solved[j]! / power(this.#unit, 4), s);
  }

  /** The Lagrange function of point k, which is 1 there and 0 at all others; its constant is 0 unless k is the base. */
  lagrange(k: number): Quadratic {
    const m = this.#s.length;
    const solved = this.#solve(new Float64Array(m).with(k, 1));
    const factors = solved.subarray(0, m).map((value) => value / power(this.#unit, 4));
    return {
      gradient: solved.slice(m + 1).map((value) => value / this.#unit),
      times: (v) => {
        const product = new Float64Array(this.#n);
        for (const [j, s] of this.#s.entries()) {
          const factor = factors[j]! * dot(s, v);
          for (let i = 0; i < this.#n; i++) product[i] = product[i]! + factor * s[i]!;
        }
        return product;
      },
    };
  }

  /** The values at base + d of the Lagrange functions of all points. */
  lagrangeValues(d: Float64Array): Float64Array {
    const [m, n] = [this.#s.length, this.#n];
    // Powell (2004), eq. 4.10: the functions are H w, of which d makes w.
    const w = new Float64Array(m + n + 1);
    for (const [j, s] of this.#s.entries()) w[j] = (dot(s, d) / this.#unit ** 2) ** 2 / 2;
    w[m] = 1;
    for (let i = 0; i < n; i++) w[m + 1 + i] = d[i]! / this.#unit;
    return this.#lu.solve(w).slice(0, m);
  }

  #solve(values: Float64Array): Float64Array {
    const right = new Float64Array(this.#s.length + this.#n + 1);
    right.set(values);
    return this.#lu.solve(right);
  }
}
