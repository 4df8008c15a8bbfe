import type { Ranked } from '../../core/ranking.ts';

/** How often the candidates of a generation are evaluated: each `repeats` times, and the first `again` of them as often once more. */
export interface Plan {
  readonly repeats: number;
  readonly again: number;
}

/** Values are taken for what they are. */
export const ONCE: Plan = { repeats: 1, again: 0 };

/** @returns evaluations of a generation of `lambda` candidates */
export function evaluationsOf({ repeats, again }: Plan, lambda: number): number {
  return repeats * (lambda + again);
}

/** Which candidate an evaluation of the generation is of; the first `lambda` are one of each. */
export function candidateAt({ repeats, again }: Plan, lambda: number, place: number): number {
  const others = place - repeats * lambda;
  return others < 0 ? place % lambda : others % again;
}

/** The places of a candidate's evaluations: those that it has as every one has, or those that it has again. */
export function placesOf(
  { repeats, again }: Plan,
  lambda: number,
  candidate: number,
  isAgain = false,
): number[] {
  return Array.from({ length: repeats }, (_, i) =>
    isAgain ? repeats * lambda + i * again + candidate : i * lambda + candidate,
  );
}

/** The mean of what has a value, `NaN` where nothing has. */
export function meanOf(answers: readonly Required<Ranked>[]): Required<Ranked> {
  const valid = answers.filter(({ fx }) => !Number.isNaN(fx));
  if (valid.length <= 1) return valid[0] ?? { fx: NaN, violation: 0 };
  let [fx, violation] = [0, 0];
  for (const answer of valid) {
    fx += answer.fx / valid.length;
    violation += answer.violation / valid.length;
  }
  return { fx, violation };
}
