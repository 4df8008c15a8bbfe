import { figure } from '../../conditions/figures.ts';
import type { RandomStream } from '../../core/random.ts';
import type { StopReason } from '../contract.ts';
import type { SnapshotReader, SnapshotWriter } from '../snapshot.ts';
import type { StagedAlgorithm } from '../staged.ts';
import type { Evaluated } from '../evaluated.ts';
import { Line } from './line.ts';
import type { ResolvedStepOptions } from './options.ts';
import { COMBINED, loadState, PROBE, saveState, type State } from './state.ts';

/** Looking for a first point with a value: so many at once, and in all. */
const PROBES = 8;
const MOST_PROBES = 100;

/** The coordinates combined have no value so many times in a row: enough. */
const MOST_MISSES = 5;

/** From this round on the coordinates are combined in every fourth round only: one more evaluation a round costs few parameters most. */
const EVERY_ROUND_UNTIL = 8;

/**
 * STEP (select the easiest point) in all coordinates side by side, with steps to the vertex of a parabola in between.
 *
 * Every round evaluates one place on each line through the base along a coordinate. For a separable function the height of a place above the
 * base does not depend on the other coordinates, so lines stay valid when the base moves to the best place of each; whether
 * it is as low there as the sum of their heights says is the test of separability. Lines are for differences of values, so failed and
 * infeasible places are just high; before there is a feasible base, points are drawn anywhere. All of a round is told before the next,
 * so the order of answers cannot matter. It takes no injected points: one point says nothing of single coordinates. An integer is searched
 * over the middles of its cells.
 *
 * @see Swarzberg, Seront, Bersini (1994), S.T.E.P.: the easiest way to optimize a function, IEEE WCCI 1994, 519-524
 * @see Posik (2009), BBOB-benchmarking two variants of the line-search algorithm, GECCO 2009 companion, 2329-2336
 * @see Baudis, Posik (2015), Global line search algorithm hybridized with quadratic interpolation and its extension to separable
 * functions, GECCO 2015, 257-264: the parabolas, and lines side by side
 */
export class Step implements StagedAlgorithm {
  readonly #options: ResolvedStepOptions;
  readonly #steps: readonly number[];
  readonly #random: RandomStream;
  readonly #state: State;

  private constructor(
    options: ResolvedStepOptions,
    steps: readonly number[],
    random: RandomStream,
    state: State,
  ) {
    this.#options = options;
    this.#steps = steps;
    this.#random = random;
    this.#state = state;
  }

  static begin(
    options: ResolvedStepOptions,
    start: Float64Array,
    steps: readonly number[],
    random: RandomStream,
  ): Step {
    const base = snapped(start, steps);
    return new Step(options, steps, random, {
      points: [base],
      roles: [PROBE],
      base,
      fx: NaN,
      lines: linesFrom(base, steps, options),
      scale: 0,
      rounds: 0,
      probes: 0,
      misses: 0,
      isAnyTold: false,
      stopReason: undefined,
    });
  }

  get stopReason(): StopReason | undefined {
    return this.#state.stopReason;
  }

  points(): readonly Float64Array[] {
    return this.stopReason ? [] : this.#state.points;
  }

  advance(evaluated: readonly Evaluated[]): void {
    const state = this.#state;
    if (Number.isNaN(state.fx)) this.#findBase(evaluated);
    if (Number.isNaN(state.fx)) return;
    for (const [i, point] of evaluated.entries()) {
      const coordinate = state.roles[i]!;
      if (coordinate < 0) continue;
      state.lines[coordinate]!.add(point.x[coordinate]!, isUsable(point) ? point.fx - state.fx : Infinity);
    }
    if (state.roles.at(-1) === COMBINED) this.#combine(evaluated.at(-1)!);
    if (!state.stopReason) this.#nextRound();
  }

  /** The start, or else the best of some other points that have a feasible value; new points while there is none. */
  #findBase(points: readonly Evaluated[]): void {
    const state = this.#state;
    const [found] = points.filter(isUsable).toSorted((a, b) => a.fx - b.fx);
    state.probes += points.length;
    state.isAnyTold ||= points.some(({ fx }) => !Number.isNaN(fx));
    if (found) {
      this.#moveTo(found);
      state.lines = linesFrom(found.x, this.#steps, this.#options);
    } else if (state.probes >= MOST_PROBES) {
      state.stopReason = state.isAnyTold
        ? { kind: 'no-base', detail: `none of ${state.probes} points has a finite, feasible value` }
        : { kind: 'only-failures', detail: 'every evaluation so far failed' };
    } else {
      const anywhere = Array.from({ length: PROBES }, () =>
        snapped(
          state.base.map(() => this.#random.uniform()),
          this.#steps,
        ),
      );
      this.#sample(
        anywhere,
        anywhere.map(() => PROBE),
      );
    }
  }

  #moveTo({ x, fx }: { readonly x: Float64Array; readonly fx: number }): void {
    this.#state.base = x;
    this.#state.fx = fx;
    this.#state.scale = Math.max(this.#state.scale, Math.abs(fx));
  }

  /** The best places together were evaluated. */
  #combine(point: Evaluated): void {
    const state = this.#state;
    if (!isUsable(point)) {
      // It may have failed by chance.
      state.misses++;
      if (state.misses === MOST_MISSES)
        state.stopReason = {
          kind: 'not-separable',
          detail: `the best coordinates together had no feasible value, ${state.misses} times in a row`,
        };
      return;
    }
    state.misses = 0;
    const heights = state.lines.map((line, i) => line.heightAt(point.x[i]!)!);
    const promised = heights.reduce((sum, height) => sum + height, 0);
    const error = Math.abs(point.fx - state.fx - promised);
    // What rounding alone can make of differences to a base and of their sum.
    const rounding = 8 * Number.EPSILON * (this.#steps.length * state.scale + Math.abs(promised));
    if (error > this.#options.tolSeparable * Math.abs(promised) + rounding) {
      const change = figure(point.fx - state.fx);
      state.stopReason = {
        kind: 'not-separable',
        detail: `the best coordinates together were to change the value by ${figure(promised)}, and it was ${change}`,
      };
      return;
    }
    for (const [i, line] of state.lines.entries()) line.moveBase(point.x[i]!);
    this.#moveTo(point);
  }

  #nextRound(): void {
    const state = this.#state;
    state.rounds++;
    const points: Float64Array[] = [];
    const roles: number[] = [];
    for (const [i, line] of state.lines.entries()) {
      const place = line.next();
      if (place === undefined) continue;
      points.push(state.base.with(i, place));
      roles.push(i);
    }
    const combined = Float64Array.from(state.lines, (line) => line.best.place);
    const changed = combined.filter((place, i) => place !== state.base[i]).length;
    const isTime = state.rounds <= EVERY_ROUND_UNTIL || state.rounds % 4 === 0 || points.length === 0;
    // One coordinate alone was evaluated already.
    if (changed > 1 && isTime) {
      points.push(combined);
      roles.push(COMBINED);
    }
    if (points.length === 0) state.stopReason = this.#finished();
    else this.#sample(points, roles);
  }

  #finished(): StopReason {
    const { maxDifficulty, tolFun } = this.#options;
    const range = Math.max(...this.#state.lines.map((line) => line.range));
    if (range <= tolFun)
      return { kind: 'value-range', detail: `range of values ${figure(range)} within tolFun ${tolFun}` };
    const samples = this.#state.lines.reduce((sum, line) => sum + line.samples, 0);
    return {
      kind: 'converged',
      detail: `between ${samples} values on ${this.#steps.length} lines no interval is easier than maxDifficulty ${maxDifficulty}`,
    };
  }

  #sample(points: readonly Float64Array[], roles: readonly number[]): void {
    this.#state.roles = roles;
    this.#state.points = points;
  }

  save(writer: SnapshotWriter): void {
    saveState(writer, this.#state);
  }

  static load(
    reader: SnapshotReader,
    options: ResolvedStepOptions,
    steps: readonly number[],
    random: RandomStream,
  ): Step {
    const most = { probes: MOST_PROBES, misses: MOST_MISSES };
    return new Step(options, steps, random, loadState(reader, options, steps, most));
  }
}

function linesFrom(
  base: Float64Array,
  steps: readonly number[],
  options: ResolvedStepOptions,
): readonly Line[] {
  return steps.map((values, i) => new Line(options, values, base[i]!));
}

function snapped(x: Float64Array, steps: readonly number[]): Float64Array {
  return x.map((place, i) => Line.snap(place, steps[i]!));
}

/** Differences can be taken of it. */
function isUsable({ fx, violation }: Evaluated): boolean {
  return violation === 0 && Number.isFinite(fx);
}
