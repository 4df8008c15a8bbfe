import { CodedError } from '../core/errors.ts';
import { RandomStream } from '../core/random.ts';
import { Slab } from '../core/slab.ts';
import { type Axis, axisOf } from './axis.ts';
import { type Limit, limitsOf } from './limits.ts';
import type { FreeParameter, Parameter } from './parameter.ts';
import { type Ties, tiesOf } from './ties.ts';

/** At how many points of the box the scale of a limit is measured. */
const SCALE_POINTS = 256;
/** What one broken limit can add to a violation; one that has no value adds as much. */
const WORST_BREACH = 1000;

const NONE: readonly Breach[] = [];

/** A limit that does not hold at a point. */
export interface Breach {
  readonly limit: Limit;
  /** Its part of the violation, > 0. */
  readonly violation: number;
}

/** The way between the unit box of the free parameters, where optimizers work, and the task's units. The only one. */
export class Space {
  readonly parameters: readonly Parameter[];
  readonly names: readonly string[];
  /** Number of parameters, fixed and tied ones included. */
  readonly size: number;
  readonly free: readonly FreeParameter[];
  /** Number of free parameters. */
  readonly dimension: number;
  /** For each free parameter, its number of integer values; 0 for a continuous one. Their cells are equally wide unless on a log scale. */
  readonly steps: readonly number[];
  /** For each free parameter, the unit-box coordinate of its initial value, where it has one. */
  readonly initial: readonly (number | undefined)[];
  /** What must hold of a point for it to be evaluated. */
  readonly limits: readonly Limit[];
  /** All parameters: values of fixed ones, 0 where another one goes. */
  readonly #frame: Float64Array;
  readonly #axes: readonly { readonly at: number; readonly axis: Axis; readonly max: number }[];
  /** Of the axes that are lines: most are, and then the call of one would take most of the time. `NaN` for the others. */
  readonly #lows: Float64Array;
  readonly #widths: Float64Array;
  readonly #slab = new Slab();
  readonly #ties: Ties['ties'];
  #scales: Float64Array | undefined;

  /**
   * @param parameters as a validated configuration has them: finite bounds, `min` < `max`, `min` > 0 on a log scale, no cycles
   * @param constraints likewise: comparisons over the parameters
   */
  constructor(parameters: readonly Parameter[], constraints: readonly string[] = []) {
    this.parameters = parameters;
    this.names = parameters.map(({ name }) => name);
    this.size = parameters.length;
    this.#frame = Float64Array.from(parameters, (parameter) =>
      parameter.kind === 'fixed' ? parameter.value : 0,
    );
    const free = parameters.flatMap((parameter, at) =>
      parameter.kind === 'free' ? [{ parameter, at }] : [],
    );
    this.#axes = free.map(({ parameter, at }) => ({ at, axis: axisOf(parameter), max: parameter.max }));
    this.#lows = Float64Array.from(this.#axes, ({ axis: { line } }) => line?.low ?? NaN);
    this.#widths = Float64Array.from(this.#axes, ({ axis: { line } }) => line?.width ?? NaN);
    this.free = free.map(({ parameter }) => parameter);
    this.dimension = free.length;
    this.steps = free.map(({ parameter }) =>
      parameter.type === 'integer' ? parameter.max - parameter.min + 1 : 0,
    );
    this.initial = free.map(({ parameter }, i) => initialOf(parameter, this.#axes[i]!.axis));
    const { ties, moving } = tiesOf(parameters);
    this.#ties = ties;
    this.limits = limitsOf(parameters, constraints, moving);
  }

  /**
   * @param unit a point of the unit box, one number a free parameter; coordinates outside [0, 1] are moved to the nearest bound
   * @returns all parameters in the order of the configuration, in task units: fixed and tied ones included, integers whole, free ones within their bounds;
   * a view of a larger block of memory
   * @throws {CodedError} `internal` for a wrong length or a coordinate that is `NaN`
   */
  toTask(unit: Float64Array): Float64Array {
    if (unit.length !== this.dimension) throw wrongLength('unit box', this.dimension, unit.length);
    const x = this.#slab.take(this.size);
    if (this.size > this.dimension) x.set(this.#frame);
    for (let i = 0; i < unit.length; i++) {
      const u = unit[i]!;
      if (Number.isNaN(u))
        throw new CodedError('internal', `coordinate ${i} of a point of the unit box is NaN`);
      const { at, axis, max } = this.#axes[i]!;
      const value = this.#lows[i]! + u * this.#widths[i]!;
      x[at] = u > 0 && u < 1 && value <= max ? value : axis.toTask(u);
    }
    this.#tie(x);
    return x;
  }

  /** @returns a copy of `x`, a point in task units, with the values that tied parameters have at its other values */
  withTies(x: Float64Array): Float64Array {
    const tied = x.slice();
    this.#tie(tied);
    return tied;
  }

  #tie(x: Float64Array): void {
    // + 0: nobody means -0
    for (const { at, formula } of this.#ties) x[at] = formula(x) + 0;
  }

  /**
   * How far a point is from where all limits hold: 0 there, and only there.
   *
   * It is a sum over the limits that do not hold: how much the greater side exceeds the less, divided by the largest such difference
   * (of either sign) at 256 points of the box, and at least 2.2e-16, at most 1000, which is also for sides that are `NaN` or infinite.
   * So it has no unit, and a parameter that is measured in other units changes nothing.
   *
   * @param x all parameters, as `toTask` returns them
   */
  violation(x: Float64Array): number {
    return this.breaches(x).reduce((sum, { violation }) => sum + violation, 0);
  }

  /** The limits that do not hold at `x`. */
  breaches(x: Float64Array): readonly Breach[] {
    if (this.limits.length === 0) return NONE;
    return this.limits.flatMap((limit, i) => {
      if (limit.holds(x)) return [];
      this.#scales ??= this.#measureScales();
      const part = limit.gap(x) / this.#scales[i]!;
      return [{ limit, violation: part < WORST_BREACH ? Math.max(part, Number.EPSILON) : WORST_BREACH }];
    });
  }

  /** Measured only when a point is refused. The points are always the same ones, so a replay has the same scales. */
  #measureScales(): Float64Array {
    const scales = new Float64Array(this.limits.length);
    const random = RandomStream.at(0, 'space/scales');
    for (let point = 0; point < SCALE_POINTS; point++) {
      const x = this.toTask(Float64Array.from({ length: this.dimension }, () => random.uniform()));
      for (const [i, limit] of this.limits.entries()) {
        const size = Math.abs(limit.gap(x));
        if (size > scales[i]! && size < Infinity) scales[i] = size;
      }
    }
    return scales.map((scale) => scale || 1);
  }

  /**
   * @param x all parameters, as `toTask` returns them; fixed and tied ones are not looked at
   * @returns the free ones as a point of the unit box
   * @throws {CodedError} `internal` for a wrong length
   */
  toUnit(x: Float64Array): Float64Array {
    if (x.length !== this.size) throw wrongLength('task', this.size, x.length);
    return Float64Array.from(this.#axes, ({ at, axis }) => axis.toUnit(x[at]!));
  }

  /** How fast each free parameter grows with its coordinate of the unit box, at a point of it. */
  slopes(unit: Float64Array): Float64Array {
    return unit.map((u, i) => this.#axes[i]!.axis.slope(u));
  }

  /**
   * @param unit a point of the unit box
   * @param slopes the derivatives of some function with respect to all parameters at that point, in task units
   * @returns its derivatives with respect to the coordinates of the unit box: the chain rule along scales and ties
   * @remarks those of ties by central differences, to about 1e-10 of their size
   */
  gradient(unit: Float64Array, slopes: readonly number[]): Float64Array {
    if (slopes.length !== this.size)
      throw new CodedError(
        'task-failed',
        `the gradient of the task has ${slopes.length} numbers, expected ${this.size}, one a parameter`,
      );
    const x = this.toTask(unit);
    return Float64Array.from(this.#axes, ({ at, axis }, i) => {
      let sum = slopes[at]!;
      if (this.#ties.length > 0) {
        const step = Math.cbrt(Number.EPSILON) * Math.max(Math.abs(x[at]!), Number.EPSILON);
        const [low, high] = [-step, step].map((by) => this.withTies(x.with(at, x[at]! + by)));
        for (const { at: tied } of this.#ties)
          sum += (slopes[tied]! * (high![tied]! - low![tied]!)) / (high![at]! - low![at]!);
      }
      return sum * axis.slope(unit[i]!);
    });
  }

  /**
   * @param point values of free parameters by name, in task units
   * @param rest the point of the unit box that has the coordinates of parameters that are not named
   * @throws {CodedError} `usage` for a name that is no free parameter, or a value outside its bounds
   */
  toUnitByName(point: Readonly<Record<string, number>>, rest: Float64Array): Float64Array {
    const unit = rest.slice();
    const faults: string[] = [];
    for (const [name, value] of Object.entries(point)) {
      const i = this.#axes.findIndex(({ at }) => this.names[at] === name);
      const axis = this.#axes[i];
      const parameter = axis && this.parameters[axis.at];
      if (parameter?.kind !== 'free')
        faults.push(
          `${name} is not a free parameter (there are ${this.free.map((one) => one.name).join(', ')})`,
        );
      else if (!(value >= parameter.min && value <= parameter.max))
        faults.push(`${name}: expected a number in [${parameter.min}, ${parameter.max}], got ${value}`);
      else unit[i] = axis!.axis.toUnit(value);
    }
    if (faults.length > 0) throw new CodedError('usage', faults.join('; '));
    return unit;
  }
}

function initialOf({ initial }: FreeParameter, axis: Axis): number | undefined {
  return initial === undefined ? undefined : axis.toUnit(initial);
}

function wrongLength(where: string, expected: number, got: number): CodedError {
  return new CodedError('internal', `a point of the ${where} has ${expected} coordinates, got ${got}`);
}
