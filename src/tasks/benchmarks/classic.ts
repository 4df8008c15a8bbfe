import { type OptionSchema, options } from '../../core/options.ts';
import type { Benchmark, BenchmarkInstance, Bounds, Minimum } from './contract.ts';
import { TRANSFORM_OPTIONS, transformed, type TransformOptions } from './transformed.ts';

/** A function given by a formula, for one or any number of parameters, whose minimum is known. */
export type Formula = BenchmarkInstance & { readonly minimum: Minimum & { readonly x: Float64Array } };

interface Classic<Options> {
  readonly name: string;
  /** One line for `glompo list`: what makes it hard. */
  readonly summary: string;
  /** For how many parameters it is defined; one that is fixed need not be given. */
  readonly dimensions: { readonly min: number; readonly max: number };
  /** What it takes besides the dimension and the transformations. */
  readonly options?: Readonly<Record<string, OptionSchema>>;
  create(this: void, dimension: number, options: Options): Formula;
}

/** The largest number of parameters for which a rotation is made: its matrix has so many squared entries. */
const LARGEST_ROTATED = 1000;

/** A benchmark that is a formula, with the options `shift`, `rotate` and `offset`. */
export function classic<Options = object>({
  name,
  summary,
  dimensions: { min, max },
  options: own = {},
  create,
}: Classic<Options>): Benchmark<{ readonly dimension: number } & TransformOptions & Options> {
  return {
    name,
    summary,
    options: options(
      {
        dimension: {
          description: 'how many parameters it has',
          type: 'integer',
          minimum: min,
          maximum: Math.min(max, 10_000),
          ...(min === max ? { default: min } : {}),
        },
        ...own,
        ...TRANSFORM_OPTIONS,
      },
      min === max ? [] : ['dimension'],
    ),
    fault: ({ dimension, rotate }) =>
      rotate !== undefined && dimension > LARGEST_ROTATED
        ? `rotate is for up to ${LARGEST_ROTATED} parameters`
        : undefined,
    create: (given) => transformed(create(given.dimension, given), given),
  };
}

/** Any number of parameters, from `min` on. */
export function anyDimension(min = 1): Classic<object>['dimensions'] {
  return { min, max: Infinity };
}

/** The same bounds for every parameter. */
export function cube(dimension: number, min: number, max: number): readonly Bounds[] {
  return Array.from({ length: dimension }, () => ({ min, max }));
}

/** A minimum whose coordinates are all the same. */
export function minimumAt(dimension: number, coordinate: number, fx = 0): Formula['minimum'] {
  return { x: new Float64Array(dimension).fill(coordinate), fx };
}
