/** sum_{i<n} 100 (z_i² - z_{i+1})² + (z_i - 1)²: the core of functions 8 and 9. */
export function rosenbrockOf(z: Float64Array): number {
  let valley = 0;
  let slope = 0;
  for (let i = 0; i + 1 < z.length; i++) {
    const zi = z[i]!;
    const across = zi * zi - z[i + 1]!;
    valley += across * across;
    slope += (zi - 1) * (zi - 1);
  }
  return 100 * valley + slope;
}

/** How much the Rosenbrock functions are widened in `n` dimensions. */
export function rosenbrockScale(n: number): number {
  return Math.max(1, Math.sqrt(n) / 8);
}
