/**
 * An orthogonal matrix, row by row, by Gram and Schmidt from `n`² numbers, taken as the columns of a matrix one after the other. From
 * normal numbers it is uniform over rotations and reflections.
 */
export function orthogonal(numbers: Float64Array, n: number): Float64Array {
  const columns = numbers.slice();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let product = 0;
      for (let k = 0; k < n; k++) product += columns[i * n + k]! * columns[j * n + k]!;
      for (let k = 0; k < n; k++) columns[i * n + k]! -= product * columns[j * n + k]!;
    }
    let square = 0;
    for (let k = 0; k < n; k++) square += columns[i * n + k]! ** 2;
    const length = Math.sqrt(square);
    for (let k = 0; k < n; k++) columns[i * n + k]! /= length;
  }
  return columns.map((_, at) => columns[(at % n) * n + Math.floor(at / n)]!);
}

/** out = matrix · x, the matrix square and row by row; `out` is another array than `x`. */
export function multiply(matrix: Float64Array, x: Float64Array, out: Float64Array): void {
  const n = x.length;
  for (let i = 0, at = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++, at++) sum += matrix[at]! * x[j]!;
    out[i] = sum;
  }
}
