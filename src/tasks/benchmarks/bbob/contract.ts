import type { Draws } from './draws.ts';

/** One instance of a function in one dimension. */
export interface BbobProblem {
  readonly xopt: Float64Array;
  /** f(x) - f_opt: 0 at `xopt`. */
  evaluate(this: void, x: Float64Array): number;
}

/** One of the 24 functions; the domain is [-5, 5]^n for all of them. */
export interface BbobFunction {
  /** Its number, 1 … 24. */
  readonly id: number;
  readonly title: string;
  /** The number of the function whose minimum and value it shares; its own when not given. */
  readonly drawsOf?: number;
  create(this: void, draws: Draws): BbobProblem;
}
