import type { Space } from '../space/space.ts';
import type { OtherParameter } from './other-run.ts';

/** How much a tied parameter may differ from what its expression gives, relatively: the same sum in another order. */
const TIE_TOLERANCE = 1e-9;

/** Why a point of another run is none of this one. */
export type LeftOut = 'outside' | 'fixed' | 'tied' | 'constraints';

/** Makes points of another run, which may have its parameters in another order and within other bounds, points of this one. */
export class Translation {
  readonly #space: Space;
  /** For each parameter of this run, its place there; -1: it is not there. */
  readonly #from: readonly number[];

  constructor(space: Space, others: readonly OtherParameter[]) {
    this.#space = space;
    const places = new Map(others.map(({ name, at }) => [name, at]));
    this.#from = space.names.map((name) => places.get(name) ?? -1);
  }

  /** @returns all parameters in task units, or why there is no such point here */
  translate(other: Float64Array): Float64Array | LeftOut {
    const { parameters } = this.#space;
    const given = Float64Array.from(this.#from, (at) => (at < 0 ? 0 : other[at]!));
    for (const [i, parameter] of parameters.entries()) {
      const value = given[i]!;
      if (parameter.kind === 'fixed' && value !== parameter.value) return 'fixed';
      if (parameter.kind !== 'free') continue;
      const { min, max, type } = parameter;
      if (!(value >= min && value <= max) || (type === 'integer' && !Number.isInteger(value)))
        return 'outside';
    }
    const x = this.#space.withTies(given);
    for (const [i, { kind }] of parameters.entries())
      if (kind === 'tied' && this.#from[i]! >= 0 && !isClose(x[i]!, given[i]!)) return 'tied';
    return this.#space.violation(x) > 0 ? 'constraints' : x;
  }
}

function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= TIE_TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b));
}
