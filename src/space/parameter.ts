/** A parameter that the optimizers move. Bounds are in task units and finite, `min` < `max`. */
export interface FreeParameter {
  readonly name: string;
  readonly kind: 'free';
  readonly type: 'real' | 'integer';
  /** `log`: equal steps of the unit box are equal factors; needs `min` > 0. */
  readonly scale: 'linear' | 'log';
  readonly min: number;
  readonly max: number;
  /** Where the first optimizer starts, in task units, if the user said so. */
  readonly initial?: number;
}

/** A parameter that keeps one value for the whole run. */
export interface FixedParameter {
  readonly name: string;
  readonly kind: 'fixed';
  readonly value: number;
}

/** A parameter whose value follows from those of others. */
export interface TiedParameter {
  readonly name: string;
  readonly kind: 'tied';
  /** `-q1 - q2`; the grammar is in `expression.ts`. */
  readonly expression: string;
  /** A point where the value is less is not evaluated. */
  readonly min?: number;
  readonly max?: number;
}

export type Parameter = FreeParameter | FixedParameter | TiedParameter;
