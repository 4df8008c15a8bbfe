/**
 * The first points about `x`: two along each coordinate, on either side where the box has room, and otherwise both on one.
 *
 * @param steps as in `OptimizerContext`: the step between integers is a whole one
 * @see Powell (2009), DAMTP 2009/NA06, eq. 2.3
 */
export function axialDesign(x: Float64Array, width: number, steps: readonly number[]): Float64Array[] {
  const first: Float64Array[] = [];
  const second: Float64Array[] = [];
  for (let i = 0; i < x.length; i++) {
    const by = steps[i]! > 1 ? Math.max(width, 1 / steps[i]!) : width;
    const sign = x[i]! + by <= 1 ? 1 : -1;
    const behind = sign > 0 ? x[i]! : 1 - x[i]!;
    const other = behind >= by / 2 ? -Math.min(by, behind) : 2 * by;
    first.push(x.with(i, clip(x[i]! + sign * by)));
    second.push(x.with(i, clip(x[i]! + sign * other)));
  }
  return [...first, ...second];
}

function clip(value: number): number {
  return Math.min(1, Math.max(0, value));
}
