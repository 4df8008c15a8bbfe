import type { Score } from './results.ts';

/** A place on a curve: from so many evaluations on, this share is reached. */
export interface CurvePoint {
  readonly evaluations: number;
  readonly share: number;
}

/** No picture shows more. */
const MOST_POINTS = 500;

/** Which share of pairs of a problem and a target was reached after how many evaluations; every problem weighs the same. */
export function distributionOf(scores: readonly Score[]): readonly CurvePoint[] {
  const steps = scores.flatMap(({ runs }) =>
    runs.flatMap(({ hits }) =>
      hits.flatMap((hit) =>
        hit === null ? [] : [{ hit, weight: 1 / (scores.length * runs.length * hits.length) }],
      ),
    ),
  );
  steps.sort((a, b) => a.hit - b.hit);
  const points: CurvePoint[] = [{ evaluations: 1, share: 0 }];
  let share = 0;
  for (const [i, { hit, weight }] of steps.entries()) {
    share += weight;
    if (steps[i + 1]?.hit !== hit) points.push({ evaluations: hit, share });
  }
  points.push({ evaluations: Math.max(1, ...scores.map(({ budget }) => budget)), share });
  return thinned(points);
}

/** Evenly by logarithm: the last point of each stretch. */
function thinned(points: readonly CurvePoint[]): readonly CurvePoint[] {
  const last = Math.log(points.at(-1)!.evaluations);
  const stretch = ({ evaluations }: CurvePoint): number =>
    Math.round((MOST_POINTS * Math.log(evaluations)) / Math.max(last, 1e-9));
  return points.filter(
    (point, i) => i === 0 || i + 1 === points.length || stretch(point) !== stretch(points[i + 1]!),
  );
}
