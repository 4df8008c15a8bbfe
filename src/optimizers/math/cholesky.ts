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
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= a[i * stride + k]! * b[k]!;
    b[i] = sum / a[i * stride + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i]!;
    for (let k = i + 1; k < n; k++) sum -= a[k * stride + i]! * b[k]!;
    b[i] = sum / a[i * stride + i]!;
  }
  return true;
}

function factorize(a: Float64Array, n: number, stride: number): boolean {
  for (let j = 0; j < n; j++) {
    let pivot = a[j * stride + j]!;
    for (let k = 0; k < j; k++) pivot -= a[j * stride + k]! ** 2;
    if (!(pivot > 0 && pivot < Infinity)) return false;
    const root = Math.sqrt(pivot);
    a[j * stride + j] = root;
    for (let i = j + 1; i < n; i++) {
      let sum = a[i * stride + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * stride + k]! * a[j * stride + k]!;
      a[i * stride + j] = sum / root;
    }
  }
  return true;
}
