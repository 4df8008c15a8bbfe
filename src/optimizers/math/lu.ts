/**
 * P A = L U of a square matrix, by Gaussian elimination with partial pivoting: to solve with the same matrix many times.
 *
 * @see Golub and Van Loan (2013), Matrix Computations, algorithm 3.4.1
 */
export class LU {
  readonly #n: number;
  readonly #a: Float64Array;
  readonly #rows: Int32Array;

  private constructor(n: number, a: Float64Array, rows: Int32Array) {
    this.#n = n;
    this.#a = a;
    this.#rows = rows;
  }

  /**
   * @param a row-major, n rows of n numbers; overwritten
   * @returns `undefined` when it is singular, or not finite
   */
  static of(a: Float64Array, n: number): LU | undefined {
    const rows = Int32Array.from({ length: n }, (_, i) => i);
    for (let k = 0; k < n; k++) {
      let pivot = k;
      for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]!) > Math.abs(a[pivot * n + k]!)) pivot = i;
      const greatest = Math.abs(a[pivot * n + k]!);
      if (!(greatest > 0 && greatest < Infinity)) return undefined;
      if (pivot !== k) swap(a, n, rows, k, pivot);
      const [top, inverse] = [k * n, 1 / a[k * n + k]!];
      for (let i = k + 1; i < n; i++) {
        const at = i * n;
        const factor = a[at + k]! * inverse;
        if (factor === 0) continue;
        a[at + k] = factor;
        for (let j = k + 1; j < n; j++) a[at + j] = a[at + j]! - factor * a[top + j]!;
      }
    }
    return new LU(n, a, rows);
  }

  /** The x with A x = b. */
  solve(b: Float64Array): Float64Array {
    const [n, a] = [this.#n, this.#a];
    const x = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let sum = b[this.#rows[i]!]!;
      for (let k = 0; k < i; k++) sum -= a[i * n + k]! * x[k]!;
      x[i] = sum;
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = x[i]!;
      for (let k = i + 1; k < n; k++) sum -= a[i * n + k]! * x[k]!;
      x[i] = sum / a[i * n + i]!;
    }
    return x;
  }
}

function swap(a: Float64Array, n: number, rows: Int32Array, i: number, k: number): void {
  const row = a.slice(i * n, (i + 1) * n);
  a.copyWithin(i * n, k * n, (k + 1) * n);
  a.set(row, k * n);
  [rows[i], rows[k]] = [rows[k]!, rows[i]!];
}
