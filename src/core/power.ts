/**
 * `base ** exponent` from multiplications, `Math.exp` and `Math.log` alone, which are V8's own.
 *
 * The language's own powers are not: but for squares V8 asks the C library, whose last bit differs from one to the other, and from
 * processor to processor. A point of an optimizer, and a decision, must not depend on that.
 *
 * @param base >= 0 unless the exponent is an integer
 * @returns correct to about 1 + |exponent ln base| units in the last place
 */
export function power(base: number, exponent: number): number {
  if (!Number.isSafeInteger(exponent)) return Math.exp(exponent * Math.log(base));
  let result = 1;
  let factor = base;
  for (let left = Math.abs(exponent); left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= factor;
    factor *= factor;
  }
  return exponent < 0 ? 1 / result : result;
}
