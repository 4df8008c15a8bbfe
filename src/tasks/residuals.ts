import type { Json } from '../core/json.ts';

/** What a large residual costs, against its square: `scale` says what is large. */
export const LOSSES = ['linear', 'soft-l1', 'huber', 'cauchy', 'arctan'] as const;
type Loss = (typeof LOSSES)[number];

/** How one block of residuals counts. */
export interface ResidualRule {
  /** Of the block, as the task returns it. */
  readonly name: string;
  /** What each of its squares is multiplied by, > 0. */
  readonly weight: number;
  readonly loss: Loss;
  /** In the residuals' unit: where the loss leaves the square, > 0. */
  readonly scale: number;
}

/** A task's residuals as they are logged: one list, or lists by the names of their blocks. */
export type Residuals = readonly number[] | { readonly [block: string]: readonly number[] };

/** The block of a task that returns one list without a name. */
const ONLY_BLOCK = 'residuals';

/**
 * rho(z) of a squared, scaled residual z = (r / scale)^2; for small z all are z.
 *
 * @see Triggs et al. (2000), Bundle adjustment: a modern synthesis; the five of SciPy's `least_squares`
 */
const RHO: Readonly<Record<Loss, (z: number) => number>> = {
  linear: (z) => z,
  // 2 (sqrt(1 + z) - 1), without the difference of two numbers that are nearly the same
  'soft-l1': (z) => (2 * z) / (Math.sqrt(1 + z) + 1),
  huber: (z) => (z <= 1 ? z : 2 * Math.sqrt(z) - 1),
  cauchy: (z) => Math.log1p(z),
  arctan: (z) => Math.atan(z),
};

/** A residual as least squares see it: its square is what it costs, weight * scale^2 * rho((r / scale)^2). */
function weighted(r: number, { weight, loss, scale }: Omit<ResidualRule, 'name'>): number {
  if (loss === 'linear') return r * Math.sqrt(weight);
  const z = (r / scale) ** 2;
  return Math.sign(r) * scale * Math.sqrt(weight * RHO[loss](z));
}

const PLAIN: Omit<ResidualRule, 'name'> = { weight: 1, loss: 'linear', scale: 1 };

/** The blocks of residuals, in the order in which they count. */
function blocksOf(residuals: Residuals): readonly (readonly [name: string, values: readonly number[]])[] {
  return isList(residuals) ? [[ONLY_BLOCK, residuals]] : Object.entries(residuals);
}

/**
 * Residuals weighted and under their losses, so that the value of the point is the sum of their squares: an optimizer that solves least
 * squares need not know of either.
 *
 * @param rules of the blocks that do not simply count as they are
 */
export function weightedResiduals(residuals: Residuals, rules: readonly ResidualRule[] = []): Float64Array {
  const all: number[] = [];
  for (const [name, values] of blocksOf(residuals)) {
    const rule = rules.find((one) => one.name === name) ?? PLAIN;
    for (const value of values) all.push(weighted(value, rule));
  }
  return Float64Array.from(all);
}

/** The value of a point with these weighted residuals. */
export function sumOfSquares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

/** What is wrong with residuals that a task returned, continuing the sentence "task returned …"; `undefined` when nothing is. */
export function faultOfResiduals(
  residuals: Json | undefined,
  rules: readonly ResidualRule[] = [],
): string | undefined {
  if (!isResiduals(residuals))
    return 'residuals that are neither a list of finite numbers nor such lists by name';
  const blocks = blocksOf(residuals);
  if (blocks.every(([, values]) => values.length === 0)) return 'no residual at all';
  const missing = rules.find(({ name }) => !blocks.some(([block]) => block === name));
  return (
    missing &&
    `no residuals named ${missing.name}, which task.residuals has; its blocks are ${blocks.map(([name]) => name).join(', ')}`
  );
}

export function isResiduals(value: Json | undefined): value is Json & Residuals {
  if (Array.isArray(value)) return isNumbers(value);
  return typeof value === 'object' && value !== null && Object.values(value).every(isNumbers);
}

function isNumbers(value: Json): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number');
}

function isList(residuals: Residuals): residuals is readonly number[] {
  return Array.isArray(residuals);
}
