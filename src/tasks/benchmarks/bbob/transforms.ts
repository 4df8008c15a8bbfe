/** The transformations that BBOB functions are composed of: Hansen et al. (2009), RR-6829, section 0.2. */

/** The T_osz of one number: bends it a little, the same for all magnitudes; keeps 0 and the order. */
export function oscillated(x: number): number {
  if (x === 0) return 0;
  const log = 10 * Math.log(Math.abs(x));
  // x̂ + 0.049 (sin(c1 x̂) + sin(c2 x̂)), the hat for the logarithm; c1, c2 = 10, 7.9 above 0, 5.5, 3.1 below
  return x > 0
    ? x * Math.exp(0.049 * (Math.sin(log) + Math.sin(0.79 * log)))
    : x * Math.exp(0.049 * (Math.sin(0.55 * log) + Math.sin(0.31 * log)));
}

/** T_osz, in place. */
export function oscillate(x: Float64Array): void {
  for (let i = 0; i < x.length; i++) x[i] = oscillated(x[i]!);
}

/** T_asy^beta, in place: what is above 0 grows faster, the more the later the coordinate. */
export function skew(x: Float64Array, beta: number): void {
  const last = x.length - 1;
  for (let i = 0; i <= last; i++) {
    const xi = x[i]!;
    if (xi > 0) x[i] = xi ** (1 + ((beta * i) / last) * Math.sqrt(xi));
  }
}

/** base^(i / (n - 1)) for i = 0 … n - 1: the diagonal of Lambda^alpha with base = sqrt(alpha). */
export function powers(base: number, n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => base ** (i / (n - 1)));
}

/** left · diagonal · right, row by row: one matrix for a rotation, a scaling and another rotation. */
export function sandwich(left: Float64Array, diagonal: Float64Array, right: Float64Array): Float64Array {
  const n = diagonal.length;
  const product = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += left[i * n + k]! * diagonal[k]! * right[k * n + j]!;
      product[i * n + j] = sum;
    }
  return product;
}

/** diagonal · matrix, row by row. */
export function scaleRows(diagonal: Float64Array, matrix: Float64Array): Float64Array {
  const n = diagonal.length;
  return matrix.map((value, at) => diagonal[Math.floor(at / n)]! * value);
}

/** f_pen: the squared distance from the box [-5, 5]^n. */
export function penalty(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const beyond = Math.abs(x[i]!) - 5;
    if (beyond > 0) sum += beyond * beyond;
  }
  return sum;
}

/** out = x - origin. */
export function subtract(x: Float64Array, origin: Float64Array, out: Float64Array): void {
  for (let i = 0; i < x.length; i++) out[i] = x[i]! - origin[i]!;
}
