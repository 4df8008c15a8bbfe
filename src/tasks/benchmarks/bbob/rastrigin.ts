/** 10 (n - sum_i cos(2 pi z_i)) + |z|²: the core of functions 3, 4 and 15. */
export function rastriginOf(z: Float64Array): number {
  let cosines = 0;
  let squares = 0;
  for (let i = 0; i < z.length; i++) {
    const zi = z[i]!;
    cosines += Math.cos(2 * Math.PI * zi);
    squares += zi * zi;
  }
  return 10 * (z.length - cosines) + squares;
}
