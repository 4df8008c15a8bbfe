/**
 * Lower triangular matrices: row-major, n numbers a row, of which those above the diagonal are not looked at. Four rows or columns are worked at
 * together, where one sum alone would wait for itself.
 */

/**
 * A = L L'.
 *
 * @param l receives L, with a positive diagonal
 * @param inverse receives 1 / L_ii
 * @returns false when A is not positive definite, or not finite; `l` is then of no use
 * @remarks n^3 / 6 multiplications
 * @see Golub and Van Loan (2013), Matrix Computations, section 4.2, by rows
 */
export function factorizeRows(a: Float64Array, n: number, l: Float64Array, inverse: Float64Array): boolean {
  for (let i = 0; i < n; i++) {
    const row = i * n;
    let pivot = a[row + i]!;
    let j = 0;
    // L_ij = (A_ij - sum over k < j of L_ik L_jk) / L_jj, for four j at once as far as k is below all of them.
    for (; j + 3 < i; j += 4) {
      const p = j * n;
      const q = p + n;
      const r = q + n;
      const s = r + n;
      let sumP = a[row + j]!;
      let sumQ = a[row + j + 1]!;
      let sumR = a[row + j + 2]!;
      let sumS = a[row + j + 3]!;
      for (let k = 0; k < j; k++) {
        const x = l[row + k]!;
        sumP -= x * l[p + k]!;
        sumQ -= x * l[q + k]!;
        sumR -= x * l[r + k]!;
        sumS -= x * l[s + k]!;
      }
      const x = sumP * inverse[j]!;
      const y = (sumQ - x * l[q + j]!) * inverse[j + 1]!;
      const z = (sumR - x * l[r + j]! - y * l[r + j + 1]!) * inverse[j + 2]!;
      const w = (sumS - x * l[s + j]! - y * l[s + j + 1]! - z * l[s + j + 2]!) * inverse[j + 3]!;
      l[row + j] = x;
      l[row + j + 1] = y;
      l[row + j + 2] = z;
      l[row + j + 3] = w;
      pivot -= x * x + y * y + (z * z + w * w);
    }
    for (; j < i; j++) {
      const top = j * n;
      let sum = a[row + j]!;
      for (let k = 0; k < j; k++) sum -= l[row + k]! * l[top + k]!;
      const x = sum * inverse[j]!;
      l[row + j] = x;
      pivot -= x * x;
    }
    if (!(pivot > 0 && pivot < Infinity)) return false;
    const root = Math.sqrt(pivot);
    l[row + i] = root;
    inverse[i] = 1 / root;
  }
  return true;
}

/** out[at + i] = (L v)_i for the rows `from` to `from` + 3, as far as there are so many. */
export function multiplyRows(
  l: Float64Array,
  n: number,
  from: number,
  v: Float64Array,
  out: Float64Array,
  at: number,
): void {
  const p = from * n;
  if (from + 4 <= n) {
    const q = p + n;
    const r = q + n;
    const s = r + n;
    let [sumP, sumQ, sumR, sumS] = [0, 0, 0, 0];
    for (let k = 0; k < from; k++) {
      const x = v[k]!;
      sumP += l[p + k]! * x;
      sumQ += l[q + k]! * x;
      sumR += l[r + k]! * x;
      sumS += l[s + k]! * x;
    }
    const x = v[from]!;
    const y = v[from + 1]!;
    const z = v[from + 2]!;
    out[at + from] = sumP + l[p + from]! * x;
    out[at + from + 1] = sumQ + l[q + from]! * x + l[q + from + 1]! * y;
    out[at + from + 2] = sumR + l[r + from]! * x + l[r + from + 1]! * y + l[r + from + 2]! * z;
    out[at + from + 3] =
      sumS +
      l[s + from]! * x +
      l[s + from + 1]! * y +
      (l[s + from + 2]! * z + l[s + from + 3]! * v[from + 3]!);
    return;
  }
  for (let i = from; i < n; i++) {
    const row = i * n;
    let sum = 0;
    for (let k = 0; k <= i; k++) sum += l[row + k]! * v[k]!;
    out[at + i] = sum;
  }
}

/** out = L^-1 b, where b is `n` numbers of `source` from `at` on. @param inverse 1 / L_ii */
export function solveRows(
  l: Float64Array,
  n: number,
  inverse: Float64Array,
  source: Float64Array,
  at: number,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    const row = i * n;
    let sum = source[at + i]!;
    let other = 0;
    let k = 0;
    for (; k + 1 < i; k += 2) {
      sum -= l[row + k]! * out[k]!;
      other += l[row + k + 1]! * out[k + 1]!;
    }
    if (k < i) sum -= l[row + k]! * out[k]!;
    out[i] = (sum - other) * inverse[i]!;
  }
}
