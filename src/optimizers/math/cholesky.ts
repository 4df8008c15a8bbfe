/**
 * Solves A x = b for a symmetric positive definite A, of which the lower triangle of the leading `n` rows counts.
 *
 * @param a row-major, `stride` numbers a row; its lower triangle becomes L with A = L L'
 * @param b becomes x
 * @returns false when A is not positive definite; `b` is then of no use
 * @see Golub and Van Loan (2013), Matrix Computations, algorithm 4.2.1
 */
export function solveCholesky(a: Float64Array, n: number, stride: number, b: Float64Array): boolean {
  if (!factorize(a, n, stride)) return false;
  solveLower(a, n, stride, b);
  solveUpper(a, n, stride, b);
  return true;
}

/** The lower triangle of `a` becomes L. @returns false when A is not positive definite */
export function factorize(a: Float64Array, n: number, stride: number): boolean {
  for (let j = 0; j < n; j++) {
    const top = j * stride;
    let pivot = a[top + j]!;
    for (let k = 0; k < j; k++) pivot -= a[top + k]! ** 2;
    if (!(pivot > 0 && pivot < Infinity)) return false;
    const root = Math.sqrt(pivot);
    a[top + j] = root;
    for (let i = j + 1; i < n; i++) {
      const row = i * stride;
      let sum = a[row + j]!;
      for (let k = 0; k < j; k++) sum -= a[row + k]! * a[top + k]!;
      a[row + j] = sum / root;
    }
  }
  return true;
}

/** b becomes L^-1 b. */
export function solveLower(l: Float64Array, n: number, stride: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    for (let k = 0, at = i * stride; k < i; k++) sum -= l[at + k]! * b[k]!;
    b[i] = sum / l[i * stride + i]!;
  }
}

/** b becomes L'^-1 b: by rows of L, which lie together in memory. */
export function solveUpper(l: Float64Array, n: number, stride: number, b: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    const at = i * stride;
    const value = b[i]! / l[at + i]!;
    b[i] = value;
    for (let k = 0; k < i; k++) b[k] = b[k]! - l[at + k]! * value;
  }
}
