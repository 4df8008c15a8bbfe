/**
 * The lower triangle of C becomes that of `decay` C + sum of factors[r] y_r y_r', for the rows y_r of `rows` that begin at `starts[r]`:
 * four rows at a time, so that each entry of C is read and written less often.
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
