/**
 * Where a function of one variable is least on an interval: the best of a grid, refined by thirds as far as numbers go.
 *
 * @param points of the grid; enough that the best one is in the basin of the least value
 */
export function leastOf(f: (x: number) => number, min: number, max: number, points: number): number {
  const step = (max - min) / (points - 1);
  let best = min;
  for (let i = 1; i < points; i++) {
    const x = i === points - 1 ? max : min + i * step;
    if (f(x) < f(best)) best = x;
  }
  let low = Math.max(min, best - step);
  let high = Math.min(max, best + step);
  for (let i = 0; i < 200; i++) {
    const third = (high - low) / 3;
    if (f(low + third) < f(high - third)) high -= third;
    else low += third;
  }
  const middle = (low + high) / 2;
  return f(middle) < f(best) ? middle : best;
}
