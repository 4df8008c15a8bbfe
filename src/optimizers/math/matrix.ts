/** Products with square row-major matrices, four rows at a time where one row alone would wait for its own sum. */

/** out[at ..] = A v */
export function multiply(a: Float64Array, n: number, v: Float64Array, out: Float64Array, at: number): void {
  let i = 0;
  for (; i + 3 < n; i += 4) {
    const p = i * n;
    const q = p + n;
    const r = q + n;
    const s = r + n;
    let sumP = 0;
    let sumQ = 0;
    let sumR = 0;
    let sumS = 0;
    for (let k = 0; k < n; k++) {
      const x = v[k]!;
      sumP += a[p + k]! * x;
      sumQ += a[q + k]! * x;
      sumR += a[r + k]! * x;
      sumS += a[s + k]! * x;
    }
    out[at + i] = sumP;
    out[at + i + 1] = sumQ;
    out[at + i + 2] = sumR;
    out[at + i + 3] = sumS;
  }
  for (; i < n; i++) {
    const row = i * n;
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[row + k]! * v[k]!;
    out[at + i] = sum;
  }
}

/** out = A' v, where v is `n` numbers of `source` from `at` on */
export function multiplyTransposed(
  a: Float64Array,
  n: number,
  source: Float64Array,
  at: number,
  out: Float64Array,
): void {
  out.fill(0);
  for (let i = 0; i < n; i++) {
    const row = i * n;
    const x = source[at + i]!;
    for (let k = 0; k < n; k++) out[k] = out[k]! + a[row + k]! * x;
  }
}

/**
 * The lower triangle of C becomes that of `decay` C + sum of factors[r] y_r y_r', for the rows y_r of `rows` that begin at `starts[r]`.
 */
export function addOuterProducts(
  c: Float64Array,
  n: number,
  decay: number,
  rows: Float64Array,
  starts: Int32Array,
  factors: Float64Array,
): void {
  const count = starts.length;
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let j = 0; j <= i; j++) c[row + j] = c[row + j]! * decay;
    let at = 0;
    for (; at + 3 < count; at += 4) {
      const p = starts[at]!;
      const q = starts[at + 1]!;
      const r = starts[at + 2]!;
      const s = starts[at + 3]!;
      const factorP = factors[at]! * rows[p + i]!;
      const factorQ = factors[at + 1]! * rows[q + i]!;
      const factorR = factors[at + 2]! * rows[r + i]!;
      const factorS = factors[at + 3]! * rows[s + i]!;
      for (let j = 0; j <= i; j++)
        c[row + j] =
          c[row + j]! +
          (factorP * rows[p + j]! + factorQ * rows[q + j]! + factorR * rows[r + j]! + factorS * rows[s + j]!);
    }
    for (; at < count; at++) {
      const p = starts[at]!;
      const factor = factors[at]! * rows[p + i]!;
      for (let j = 0; j <= i; j++) c[row + j] = c[row + j]! + factor * rows[p + j]!;
    }
  }
}
