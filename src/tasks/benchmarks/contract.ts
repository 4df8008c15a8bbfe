import type { Component } from '../../core/component.ts';

/** Where one parameter of a benchmark is looked for. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** A global minimum; `x` is left out where only the value is known. */
export interface Minimum {
  readonly x?: Float64Array;
  readonly fx: number;
}

/** What others certified of a least-squares problem. */
interface Certified {
  readonly parameters: Float64Array;
  /** Standard deviations of the parameters. */
  readonly deviations: Float64Array;
  /** Residual sum of squares at `parameters`. */
  readonly sumOfSquares: number;
}

/** A test function of so many parameters, ready to be called. */
export interface BenchmarkInstance {
  /** One entry a parameter. */
  readonly bounds: readonly Bounds[];
  /** Of the parameters; x1, x2, … when not given. */
  readonly names?: readonly string[];
  /** Within the bounds; left out where nobody knows it. With noise: of the function without it. */
  readonly minimum?: Minimum;
  /** Whether the value depends on the seed of the evaluation too. */
  readonly isNoisy?: boolean;
  /** @param seed of the noise, if there is any */
  evaluate(this: void, x: Float64Array, seed?: number): number;
  /** The derivatives by each coordinate, an array of the caller's own. */
  gradient?(this: void, x: Float64Array): Float64Array;
  /** What the value is the sum of squares of, an array of the caller's own. */
  residuals?(this: void, x: Float64Array): Float64Array;
  /** See `TaskGeometry`. */
  distance?(this: void, a: Float64Array, b: Float64Array): number;
  readonly certified?: Certified;
}

/** A test function, or a family of them, with a known answer. */
export type Benchmark<Options = never> = Component<Options, void, BenchmarkInstance>;
