/**
 * Eigenvalues and eigenvectors of symmetric matrices of one size.
 *
 * Matrices are row-major in one `Float64Array`, all inner loops run along rows, and the workspace is allocated once.
 *
 * @see Golub, Van Loan (2013), Matrix Computations, 4th ed., sections 8.3.1 (tridiagonalization) and 8.3.3-8.3.5 (implicit QL/QR)
 */
export class SymmetricEigen {
  readonly size: number;
  readonly #offDiagonal: Float64Array;
  readonly #sums: Float64Array;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.#offDiagonal = new Float64Array(size);
    this.#sums = new Float64Array(size);
    this.#cosines = new Float64Array(size);
    this.#sines = new Float64Array(size);
  }

  /**
   * A = V diag(values) V'.
   *
   * @param matrix A; its lower triangle is read, nothing is changed
   * @param vectors receives V: column `i` is the unit eigenvector of `values[i]`
   * @param values receives the eigenvalues, in no particular order
   * @returns false when the iteration did not converge, as happens only when A is not finite
   */
  decompose(matrix: Float64Array, vectors: Float64Array, values: Float64Array): boolean {
    const n = this.size;
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) vectors[i * n + j] = matrix[i * n + j]!;
    tridiagonalize(vectors, n, values, this.#offDiagonal);
    accumulate(vectors, n, values, this.#sums);
    return diagonalize(vectors, n, values, this.#offDiagonal, this.#cosines, this.#sines);
  }
}

/**
 * Reduces the lower triangle of `a` to a tridiagonal matrix by n - 1 Householder reflections I - u u' / h.
 *
 * Afterwards row i of `a` holds its u below the diagonal, `h[i]` its h (0: no reflection was needed), the diagonal of `a` that of
 * the tridiagonal matrix, and `off[i]` the entry left of the diagonal in row i.
 */
function tridiagonalize(a: Float64Array, n: number, h: Float64Array, off: Float64Array): void {
  h[0] = 0;
  off[0] = 0;
  for (let i = n - 1; i > 0; i--) {
    const u = i * n;
    const last = u + i - 1;
    let scale = 0;
    for (let k = u; k < last; k++) scale += Math.abs(a[k]!);
    h[i] = 0;
    off[i] = a[last]!;
    if (scale === 0) continue;
    scale += Math.abs(a[last]!);
    let square = 0;
    for (let k = u; k <= last; k++) {
      const scaled = a[k]! / scale;
      a[k] = scaled;
      square += scaled * scaled;
    }
    const f = a[last]!;
    const g = f >= 0 ? -Math.sqrt(square) : Math.sqrt(square);
    const length = square - f * g;
    h[i] = length;
    off[i] = scale * g;
    a[last] = f - g;
    reflectBothSides(a, n, i, length, off);
  }
}

/** Replaces the leading i x i block B by (I - u u' / h) B (I - u u' / h), u being row i; `p` is workspace up to i - 1. */
function reflectBothSides(a: Float64Array, n: number, i: number, h: number, p: Float64Array): void {
  const u = i * n;
  for (let j = 0; j < i; j++) p[j] = 0;
  // p = B u, from the lower triangle alone: each entry serves its row and its column.
  for (let j = 0; j < i; j++) {
    const row = j * n;
    const uj = a[u + j]!;
    let sum = 0;
    for (let k = 0; k < j; k++) {
      const entry = a[row + k]!;
      sum += entry * a[u + k]!;
      p[k] = p[k]! + entry * uj;
    }
    p[j] = p[j]! + sum + a[row + j]! * uj;
  }
  let product = 0;
  for (let j = 0; j < i; j++) {
    const pj = p[j]! / h;
    p[j] = pj;
    product += pj * a[u + j]!;
  }
  // q = p - (u' p / 2h) u, then B - u q' - q u'.
  const half = product / (h + h);
  for (let j = 0; j < i; j++) p[j] = p[j]! - half * a[u + j]!;
  for (let j = 0; j < i; j++) {
    const row = j * n;
    const uj = a[u + j]!;
    const qj = p[j]!;
    for (let k = 0; k <= j; k++) a[row + k] = a[row + k]! - (uj * p[k]! + qj * a[u + k]!);
  }
}

/** Multiplies the reflections that `tridiagonalize` left in `a` out, in place, and moves the diagonal to `d`. */
function accumulate(a: Float64Array, n: number, d: Float64Array, sums: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const u = i * n;
    const h = d[i]!;
    if (h !== 0) {
      for (let j = 0; j < i; j++) sums[j] = 0;
      for (let k = 0; k < i; k++) {
        const uk = a[u + k]!;
        const row = k * n;
        for (let j = 0; j < i; j++) sums[j] = sums[j]! + uk * a[row + j]!;
      }
      for (let k = 0; k < i; k++) {
        const factor = a[u + k]! / h;
        const row = k * n;
        for (let j = 0; j < i; j++) a[row + j] = a[row + j]! - factor * sums[j]!;
      }
    }
    d[i] = a[u + i]!;
    for (let k = 0; k < i; k++) {
      a[u + k] = 0;
      a[k * n + i] = 0;
    }
    a[u + i] = 1;
  }
}

const SWEEPS_PER_VALUE = 60;

/** Counts as 0, because its square does. */
const TINY = 1e-160;

/** Implicit QL with Wilkinson's shift on the tridiagonal matrix (`d`, `off`); the rotations are gathered into the columns of `v`. */
function diagonalize(
  v: Float64Array,
  n: number,
  d: Float64Array,
  off: Float64Array,
  cosines: Float64Array,
  sines: Float64Array,
): boolean {
  for (let i = 1; i < n; i++) off[i - 1] = off[i]!;
  off[n - 1] = 0;
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; ; sweep++) {
      const m = blockEnd(d, off, l, n);
      if (m === l) break;
      if (sweep === SWEEPS_PER_VALUE) return false;
      let g = (d[l + 1]! - d[l]!) / (2 * off[l]!);
      let r = Math.sqrt(g * g + 1);
      g = d[m]! - d[l]! + off[l]! / (g + (g >= 0 ? r : -r));
      let sine = 1;
      let cosine = 1;
      let p = 0;
      let i = m - 1;
      for (; i >= l; i--) {
        const f = sine * off[i]!;
        const b = cosine * off[i]!;
        r = Math.sqrt(f * f + g * g);
        off[i + 1] = r;
        if (r === 0) {
          d[i + 1] = d[i + 1]! - p;
          off[m] = 0;
          break;
        }
        sine = f / r;
        cosine = g / r;
        g = d[i + 1]! - p;
        r = (d[i]! - g) * sine + 2 * cosine * b;
        p = sine * r;
        d[i + 1] = g + p;
        g = cosine * r - b;
        sines[i] = sine;
        cosines[i] = cosine;
      }
      rotate(v, n, i + 1, m, cosines, sines);
      if (i >= l) continue;
      d[l] = d[l]! - p;
      off[l] = g;
      off[m] = 0;
    }
  }
  return true;
}

/** The first index from `l` on whose entry next to the diagonal is negligible. */
function blockEnd(d: Float64Array, off: Float64Array, l: number, n: number): number {
  let m = l;
  for (; m < n - 1; m++) {
    const size = Math.abs(d[m]!) + Math.abs(d[m + 1]!);
    if (Math.abs(off[m]!) <= Number.EPSILON * size + TINY) break;
  }
  return m;
}

/**
 * Applies the plane rotations of one sweep, those of the columns (i, i + 1) for i = m - 1 .. l, to every row; two rows at a time,
 * because within a row each rotation waits for the one before.
 */
function rotate(
  v: Float64Array,
  n: number,
  l: number,
  m: number,
  cosines: Float64Array,
  sines: Float64Array,
): void {
  for (let row = 0; row < n; row += 2) {
    const a = row * n;
    // An odd last row is its own partner: both then compute and store the same.
    const b = row + 1 < n ? a + n : a;
    let x = v[a + m]!;
    let y = v[b + m]!;
    for (let i = m - 1; i >= l; i--) {
      const cosine = cosines[i]!;
      const sine = sines[i]!;
      const p = v[a + i]!;
      const q = v[b + i]!;
      v[a + i + 1] = sine * p + cosine * x;
      v[b + i + 1] = sine * q + cosine * y;
      x = cosine * p - sine * x;
      y = cosine * q - sine * y;
    }
    v[a + l] = x;
    v[b + l] = y;
  }
}
