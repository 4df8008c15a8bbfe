/**
 * Solves min |A x - b| for A of full column rank by Householder reflections.
 *
 * @param a column-major: column k begins at k * rows; overwritten
 * @param b `rows` numbers; overwritten, the last `rows - columns` of them with what no x can remove
 * @returns x; `undefined` when a column depends on the ones before it
 * @see Golub and Van Loan (2013), Matrix Computations, algorithms 5.2.1 and 5.3.2
 */
export function solveLeastSquares(
  a: Float64Array,
  rows: number,
  columns: number,
  b: Float64Array,
): Float64Array | undefined {
  const diagonal = new Float64Array(columns);
  for (let k = 0; k < columns; k++) {
    const at = k * rows;
    let square = 0;
    for (let i = k; i < rows; i++) square += a[at + i]! ** 2;
    const length = Math.sqrt(square);
    if (!(length > 0 && length < Infinity)) return undefined;
    const alpha = a[at + k]! > 0 ? -length : length;
    // v = x - alpha e_k, kept in place of the column; |v|^2 / 2 = alpha (alpha - x_k)
    a[at + k] = a[at + k]! - alpha;
    const half = -alpha * a[at + k]!;
    for (let column = k + 1; column < columns; column++) reflect(a, at, k, rows, half, a, column * rows);
    reflect(a, at, k, rows, half, b, 0);
    diagonal[k] = alpha;
  }
  const x = new Float64Array(columns);
  for (let k = columns - 1; k >= 0; k--) {
    let sum = b[k]!;
    for (let column = k + 1; column < columns; column++) sum -= a[column * rows + k]! * x[column]!;
    x[k] = sum / diagonal[k]!;
  }
  return x.every(Number.isFinite) ? x : undefined;
}

/** target -= v (v' target) / half, for the rows from `k` on. */
function reflect(
  a: Float64Array,
  at: number,
  k: number,
  rows: number,
  half: number,
  target: Float64Array,
  from: number,
): void {
  let sum = 0;
  for (let i = k; i < rows; i++) sum += a[at + i]! * target[from + i]!;
  const factor = sum / half;
  for (let i = k; i < rows; i++) target[from + i] = target[from + i]! - factor * a[at + i]!;
}
