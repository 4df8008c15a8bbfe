import type { StageAnswer } from '../staged.ts';

/** How a derivative along one coordinate is found. */
interface Difference {
  readonly coordinate: number;
  /** One step, or one to each side. */
  readonly steps: readonly number[];
}

/**
 * Which points tell the gradient at `x`: one a coordinate, or two with central differences; none outside the box.
 *
 * @param widths how long a step is to be, by coordinate
 */
export function planDifferences(
  x: Float64Array,
  widths: Float64Array,
  isCentral: boolean,
  coordinates: readonly number[],
  isReversed = false,
): readonly Difference[] {
  return coordinates.map((coordinate) => {
    const at = x[coordinate]!;
    const width = widths[coordinate]!;
    // Towards the middle of the box there is room.
    const inwards = at + width <= 1 && (at < 0.5 || at - width < 0) ? width : -width;
    if (isCentral && at + width <= 1 && at - width >= 0) return { coordinate, steps: [width, -width] };
    const towards = isReversed ? -inwards : inwards;
    return { coordinate, steps: [Math.min(1, Math.max(0, at + towards)) - at] };
  });
}

export function pointsOf(x: Float64Array, plan: readonly Difference[]): readonly Float64Array[] {
  return plan.flatMap(({ coordinate, steps }) =>
    steps.map((step) => x.with(coordinate, x[coordinate]! + step)),
  );
}

/**
 * Writes the derivatives into `g`.
 *
 * @param value of a point; NaN where it has none
 * @returns the coordinates of which nothing is known, as their points have no values
 */
export function differentiate(
  x: Float64Array,
  fx: number,
  plan: readonly Difference[],
  answers: readonly StageAnswer[],
  value: (answer: StageAnswer) => number,
  g: Float64Array,
): readonly number[] {
  const unknown: number[] = [];
  let next = 0;
  for (const { coordinate, steps } of plan) {
    const at = x[coordinate]!;
    // As the points really are, rounding included.
    const sides = steps.map((step) => ({ by: at + step - at, fx: value(answers[next++]!) }));
    const known = [{ by: 0, fx }, ...sides].filter((side) => !Number.isNaN(side.fx));
    const [a, b] = known.length === 3 ? [known[2]!, known[1]!] : [known[0]!, known[1]];
    if (b && b.by !== a.by) g[coordinate] = (b.fx - a.fx) / (b.by - a.by);
    else unknown.push(coordinate);
  }
  return unknown;
}
