import { options, type OptionsSchema } from '../../core/options.ts';

/** What may be written under `nelder-mead`. */
export interface NelderMeadOptions {
  /**
   * Edge of the first simplex, as a fraction of the box width, in (0, 0.5].
   *
   * @default 0.1
   */
  readonly initialSize?: number;
  /**
   * Stops when all vertices are this near to the best one in every coordinate, as a fraction of the box width; 0: never.
   *
   * @default 1e-9
   */
  readonly tolX?: number;
  /**
   * Stops when the values at the vertices lie within this for three iterations in a row; 0: never.
   *
   * @default 1e-12
   */
  readonly tolFun?: number;
  /**
   * How often a simplex that converged is replaced by a fresh smaller one around its best vertex, to see whether it had only collapsed.
   * The search ends earlier when the last fresh one brought no improvement.
   *
   * @default 1
   */
  readonly maxRestarts?: number;
}

export type ResolvedNelderMeadOptions = Readonly<Required<NelderMeadOptions>>;

const defaults: ResolvedNelderMeadOptions = { initialSize: 0.1, tolX: 1e-9, tolFun: 1e-12, maxRestarts: 1 };

export const nelderMeadSchema: OptionsSchema = options({
  initialSize: {
    type: 'number',
    exclusiveMinimum: 0,
    maximum: 0.5,
    default: defaults.initialSize,
    description: 'Edge of the first simplex, as a fraction of the box width.',
  },
  tolX: {
    type: 'number',
    minimum: 0,
    default: defaults.tolX,
    description:
      'Stops when all vertices are this near to the best one in every coordinate, as a fraction of the box width; 0: never.',
  },
  tolFun: {
    type: 'number',
    minimum: 0,
    default: defaults.tolFun,
    description:
      'Stops when the values at the vertices lie within this for three iterations in a row; 0: never.',
  },
  maxRestarts: {
    type: 'integer',
    minimum: 0,
    default: defaults.maxRestarts,
    description:
      'How often a simplex that converged is replaced by a fresh smaller one, to see whether it had only collapsed.',
  },
});

export function resolveNelderMead(given: NelderMeadOptions): ResolvedNelderMeadOptions {
  return { ...defaults, ...given };
}
