/** Gradient descent with the step of Barzilai and Borwein, taken back until the value falls: to a minimum of a smooth function. */
export function descend(
  f: (x: Float64Array) => number,
  gradient: (x: Float64Array) => Float64Array,
  start: Float64Array,
): { readonly x: Float64Array<ArrayBuffer>; readonly fx: number } {
  let x = Float64Array.from(start);
  let fx = f(x);
  let slopes = gradient(x);
  let step = 0.01 / (Math.hypot(...slopes) + 1e-300);
  for (let iteration = 0; iteration < 3000 && Math.hypot(...slopes) > 1e-7; iteration++) {
    // No atom, or what else it is, goes further than this at once.
    step = Math.min(step, 0.3 / Math.hypot(...slopes));
    let next = x.map((value, i) => value - step * slopes[i]!);
    while (f(next) > fx && step > 1e-18) {
      step /= 3;
      next = x.map((value, i) => value - step * slopes[i]!);
    }
    if (step <= 1e-18) break;
    const after = gradient(next);
    let moved = 0;
    let curvature = 0;
    next.forEach((value, i) => {
      moved += (value - x[i]!) ** 2;
      curvature += (value - x[i]!) * (after[i]! - slopes[i]!);
    });
    x = next;
    fx = f(x);
    slopes = after;
    step = curvature > 0 ? moved / curvature : 2 * step;
  }
  return { x, fx };
}
