import { figure } from '../conditions/figures.ts';
import { RandomStream } from '../core/random.ts';
import type {
  Answer,
  Candidate,
  Optimizer,
  OptimizerComponent,
  OptimizerContext,
  OptimizerSnapshot,
  StopReason,
} from './contract.ts';
import { SnapshotReader, SnapshotWriter } from './snapshot.ts';
import { Line } from './step/line.ts';
import { resolveStep, stepSchema, type ResolvedStepOptions, type StepOptions } from './step/options.ts';
import { COMBINED, loadState, PROBE, saveState, type State } from './step/state.ts';
import { type Evaluated, Trials } from './trials.ts';

export type { StepOptions } from './step/options.ts';

const TYPE = 'step';
const VERSION = 1;

/** Looking for a first point with a value: so many at once, and in all. */
const PROBES = 8;
const MOST_PROBES = 100;

/** The coordinates combined have no value so many times in a row: enough. */
const MOST_MISSES = 5;

/** From this round on the coordinates are combined in every fourth round only: one more evaluation a round costs few parameters most. */
const EVERY_ROUND_UNTIL = 8;

export const step: OptimizerComponent<StepOptions> = {
  name: TYPE,
  summary:
    'a global line search in every coordinate: solves separable functions with very many minima, and stops soon on others',
  options: stepSchema,
  create: (options, context) => new Step(options, context),
};

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
class Step implements Optimizer {
  readonly type = TYPE;
  readonly dimension: number;
  readonly #options: ResolvedStepOptions;
  readonly #steps: readonly number[];
  #random: RandomStream;
  #state: State;

  constructor(options: StepOptions, { dimension, start, random, steps }: OptimizerContext) {
    this.dimension = dimension;
    this.#options = resolveStep(options);
    this.#steps = steps;
    this.#random = random;
    const base = this.#snapped(start);
    this.#state = {
      trials: new Trials(TYPE),
      roles: [],
      base,
      fx: NaN,
      lines: this.#linesFrom(base),
      scale: 0,
      rounds: 0,
      probes: 0,
      misses: 0,
      isAnyTold: false,
      stopReason: undefined,
    };
    this.#sample([base], [PROBE]);
  }

  get batchSize(): number {
    return this.dimension;
  }

  get stopReason(): StopReason | undefined {
    return this.#state.stopReason;
  }

  ask(limit: number): readonly Candidate[] {
    return this.#state.trials.ask(limit);
  }

  tell(answers: readonly Answer[]): void {
    const state = this.#state;
    if (!state.trials.tell(answers)) return;
    const evaluated = state.trials.evaluated();
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
      state.lines = this.#linesFrom(found.x);
    } else if (state.probes >= MOST_PROBES) {
      state.stopReason = state.isAnyTold
        ? { kind: 'no-base', detail: `none of ${state.probes} points has a finite, feasible value` }
        : { kind: 'only-failures', detail: 'every evaluation so far failed' };
    } else {
      const anywhere = Array.from({ length: PROBES }, () =>
        this.#snapped(state.base.map(() => this.#random.uniform())),
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
    const rounding = 8 * Number.EPSILON * (this.dimension * state.scale + Math.abs(promised));
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
      detail: `between ${samples} values on ${this.dimension} lines no interval is easier than maxDifficulty ${maxDifficulty}`,
    };
  }

  #sample(points: readonly Float64Array[], roles: readonly number[]): void {
    this.#state.roles = roles;
    this.#state.trials.begin(points);
  }

  #linesFrom(base: Float64Array): readonly Line[] {
    return this.#steps.map((values, i) => new Line(this.#options, values, base[i]!));
  }

  #snapped(x: Float64Array): Float64Array {
    return x.map((place, i) => Line.snap(place, this.#steps[i]!));
  }

  snapshot(): OptimizerSnapshot {
    const writer = new SnapshotWriter();
    writer.put('dimension', this.dimension);
    writer.put('random', this.#random.state);
    saveState(writer, this.#state);
    return writer.finish(TYPE, VERSION);
  }

  restore(snapshot: OptimizerSnapshot): void {
    const reader = new SnapshotReader(snapshot, TYPE, VERSION);
    reader.integer('dimension', this.dimension, this.dimension);
    const random = new RandomStream(reader.words('random'));
    this.#state = loadState(TYPE, reader, this.#options, this.#steps, {
      probes: MOST_PROBES,
      misses: MOST_MISSES,
    });
    this.#random = random;
  }
}

/** Differences can be taken of it. */
function isUsable({ fx, violation }: Evaluated): boolean {
  return violation === 0 && Number.isFinite(fx);
}
