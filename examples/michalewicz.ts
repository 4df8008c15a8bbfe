/**
 * Michalewicz's function: valleys so steep that most of the box is flat. In five dimensions its minimum is -4.687658.
 *
 * f(x) = -Σ sin(xᵢ) sin(i xᵢ² / π)²⁰, i = 1 … n, for x in [0, π]ⁿ
 *
 * A task is a module that exports a function of x. See README.md for what else it may return, and what else it is given.
 */
export default function michalewicz(x: Float64Array): number {
  let sum = 0;
  for (const [i, xi] of x.entries()) sum -= Math.sin(xi) * Math.sin(((i + 1) * xi ** 2) / Math.PI) ** 20;
  return sum;
}
