import { CodedError } from '../core/errors.ts';
import { type Axis, axisOf } from './axis.ts';
import type { FreeParameter, Parameter } from './parameter.ts';

/** The way between the unit box of the free parameters, where optimizers work, and the task's units. The only one. */
export class Space {
  readonly parameters: readonly Parameter[];
  readonly names: readonly string[];
  /** Number of parameters, fixed ones included. */
  readonly size: number;
  /** Number of free parameters. */
  readonly dimension: number;
  /** For each free parameter, its number of integer values; 0 for a continuous one. Their cells are equally wide unless on a log scale. */
  readonly steps: readonly number[];
  /** For each free parameter, the unit-box coordinate of its initial value, where it has one. */
  readonly initial: readonly (number | undefined)[];
  /** All parameters: values of fixed ones, 0 where a free one goes. */
  readonly #frame: Float64Array;
  readonly #axes: readonly { readonly at: number; readonly axis: Axis }[];

  /** @param parameters as a validated configuration has them: finite bounds, `min` < `max`, `min` > 0 on a log scale */
  constructor(parameters: readonly Parameter[]) {
    this.parameters = parameters;
    this.names = parameters.map(({ name }) => name);
    this.size = parameters.length;
    this.#frame = Float64Array.from(parameters, (parameter) =>
      parameter.kind === 'fixed' ? parameter.value : 0,
    );
    const free = parameters.flatMap((parameter, at) =>
      parameter.kind === 'free' ? [{ parameter, at }] : [],
    );
    this.#axes = free.map(({ parameter, at }) => ({ at, axis: axisOf(parameter) }));
    this.dimension = free.length;
    this.steps = free.map(({ parameter }) =>
      parameter.type === 'integer' ? parameter.max - parameter.min + 1 : 0,
    );
    this.initial = free.map(({ parameter }, i) => initialOf(parameter, this.#axes[i]!.axis));
  }

  /**
   * @param unit a point of the unit box, one number a free parameter; coordinates outside [0, 1] are moved to the nearest bound
   * @returns all parameters in the order of the configuration, in task units: fixed ones included, integers whole, all within their bounds
   * @throws {CodedError} `internal` for a wrong length or a coordinate that is `NaN`
   */
  toTask(unit: Float64Array): Float64Array {
    if (unit.length !== this.dimension) throw wrongLength('unit box', this.dimension, unit.length);
    const x = this.#frame.slice();
    for (let i = 0; i < unit.length; i++) {
      const u = unit[i]!;
      if (Number.isNaN(u))
        throw new CodedError('internal', `coordinate ${i} of a point of the unit box is NaN`);
      const { at, axis } = this.#axes[i]!;
      x[at] = axis.toTask(u);
    }
    return x;
  }

  /**
   * @param x all parameters, as `toTask` returns them; fixed ones are not looked at
   * @returns the free ones as a point of the unit box
   * @throws {CodedError} `internal` for a wrong length
   */
  toUnit(x: Float64Array): Float64Array {
    if (x.length !== this.size) throw wrongLength('task', this.size, x.length);
    return Float64Array.from(this.#axes, ({ at, axis }) => axis.toUnit(x[at]!));
  }
}

function initialOf({ initial }: FreeParameter, axis: Axis): number | undefined {
  return initial === undefined ? undefined : axis.toUnit(initial);
}

function wrongLength(where: string, expected: number, got: number): CodedError {
  return new CodedError('internal', `a point of the ${where} has ${expected} coordinates, got ${got}`);
}
