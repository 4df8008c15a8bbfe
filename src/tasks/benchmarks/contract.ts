/** Where one parameter of a benchmark is usually looked for. */
interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** A test function with a known answer. */
export interface Benchmark {
  /** The name written in YAML: the file's name. */
  readonly name: string;
  /** One line for `glompo list`: what makes it hard. */
  readonly summary: string;
  /** For how many parameters it is defined; `max` is `Infinity` where there is no limit. */
  readonly dimensions: { readonly min: number; readonly max: number };
  /** The usual domain, one entry a parameter. */
  bounds(this: void, dimension: number): readonly Bounds[];
  /** A global minimum within the domain, and the value there. */
  minimum(this: void, dimension: number): { readonly x: Float64Array; readonly fx: number };
  evaluate(this: void, x: Float64Array): number;
}

/** Any number of parameters, from `min` on. */
export function anyDimension(min = 1): Benchmark['dimensions'] {
  return { min, max: Infinity };
}

/** The same bounds for every parameter. */
export function cube(min: number, max: number): Benchmark['bounds'] {
  return (dimension) => Array.from({ length: dimension }, () => ({ min, max }));
}

/** A minimum whose coordinates are all the same. */
export function minimumAt(coordinate: number, fx = 0): Benchmark['minimum'] {
  return (dimension) => ({ x: new Float64Array(dimension).fill(coordinate), fx });
}
