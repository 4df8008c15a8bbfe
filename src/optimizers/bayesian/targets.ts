import type { Ranked } from '../../core/ranking.ts';
import { finite } from '../snapshot.ts';

/**
 * What the process is told for these answers: values of feasible points, or violations while no point is feasible, about their mean and in units of their
 * standard deviation. A point that has none is taken for the worst of the others.
 *
 * @returns `undefined` when there is none at all
 */
export function targetsOf(answers: readonly Required<Ranked>[]): Float64Array | undefined {
  const feasible = answers.map(({ fx, violation }) => (violation === 0 && finite(fx) ? fx : NaN));
  const isFeasible = feasible.some((value) => !Number.isNaN(value));
  const values = isFeasible
    ? feasible
    : answers.map(({ fx, violation }) =>
        violation > 0 && finite(violation) && !Number.isNaN(fx) ? violation : NaN,
      );
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return undefined;
  const worst = Math.max(...known);
  const all = Float64Array.from(values, (value) => (Number.isNaN(value) ? worst : value));
  // In units of the largest first: squares must not overflow.
  const scale = Math.max(Math.abs(worst), Math.abs(Math.min(...known))) || 1;
  const mean = all.reduce((sum, value) => sum + value / scale, 0) / all.length;
  const variance = all.reduce((sum, value) => sum + (value / scale - mean) ** 2, 0) / all.length;
  const deviation = Math.sqrt(variance) || 1;
  return all.map((value) => (value / scale - mean) / deviation);
}
