import { fromBox, toBox } from '../math/box.ts';
import { normalCdf, normalQuantile } from '../math/normal.ts';

/** Where a coordinate's distribution is to be: its mean and standard deviation. */
export interface Marginal {
  readonly mean: number;
  readonly width: number;
}

/**
 * Keeps the integer that a coordinate stands for from being all that is sampled: with a probability of at least `alpha` a sample has
 * another one, and neither side is left out.
 *
 * A cell at a bound is reflected there, as the box is, and so is an ordinary cell of twice the width.
 *
 * @param mean in the unbounded space
 * @param width standard deviation, > 0
 * @param steps how many integers the coordinate has, >= 2
 * @returns `undefined` where nothing needs to change
 * @see Hamano, Saito, Nomura, Shirakawa (2022), CMA-ES with Margin, arXiv:2205.13482, eqs. 17-24
 */
export function withMargin(mean: number, width: number, steps: number, alpha: number): Marginal | undefined {
  const [low, high] = cellAround(mean, steps);
  const below = normalCdf((low - mean) / width);
  const above = normalCdf((mean - high) / width);
  if (below >= alpha / 2 && above >= alpha / 2) return undefined;
  const [liftedBelow, liftedAbove] = [below, above].map((p) => Math.max(p, alpha / 2)) as [number, number]; // eqs. 17, 18
  const within = 1 - below - above; // eq. 19
  // eqs. 20, 21: what was added to one side is taken from all three.
  const surplus = 1 - liftedBelow - liftedAbove - within;
  const share = surplus / (liftedBelow + liftedAbove + within - (3 * alpha) / 2);
  const pBelow = liftedBelow + share * (liftedBelow - alpha / 2);
  const pAbove = liftedAbove + share * (liftedAbove - alpha / 2);
  // eqs. 22-24: the mean and width that have these probabilities.
  const zBelow = -normalQuantile(pBelow);
  const zAbove = -normalQuantile(pAbove);
  return {
    mean: (low * zAbove + high * zBelow) / (zBelow + zAbove),
    width: (high - low) / (zBelow + zAbove),
  };
}

/** The ends of the cell that `mean` lies in, in the unbounded space. */
function cellAround(mean: number, steps: number): readonly [number, number] {
  const cell = Math.min(steps - 1, Math.floor(toBox(mean) * steps));
  const ends = [cell, cell + 1].map((end) =>
    end === 0 || end === steps ? undefined : fromBox(end / steps, mean),
  );
  const [a, b] = ends;
  // The mirror image of the other end.
  const turn = fromBox(cell === 0 ? 0 : 1, mean);
  const [first, second] = [a ?? 2 * turn - b!, b ?? 2 * turn - a!];
  return first < second ? [first, second] : [second, first];
}
