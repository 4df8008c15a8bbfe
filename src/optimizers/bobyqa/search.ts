import type { RandomStream } from '../../core/random.ts';
import type { OptimizerContext, StopReason } from '../contract.ts';
import { minus, norm } from '../math/vector.ts';
import { finite, inUnitBox, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import type { StageAnswer, StagedAlgorithm } from '../staged.ts';
import { farthestFromZero } from '../trust-region/explore.ts';
import { POOR, Radius } from '../trust-region/radius.ts';
import { type Region, trustStep } from '../trust-region/step.ts';
import { axialDesign } from './design.ts';
import type { ResolvedBobyqaOptions } from './options.ts';
import { InterpolatedPoints } from './points.ts';

const PHASES = ['design', 'probe', 'trial', 'geometry', 'last'] as const;
type Phase = (typeof PHASES)[number];

/** So many errors of the model must be small before it is trusted. */
const ERRORS = 3;
/** Stands for an error that says nothing: its step was longer than the resolution. */
const UNKNOWN = 1e99;
const FADING = 0.9;
/** Trials gain something more often than that near a minimum of a smooth function. */
const RELIABLE = 0.65;
/** Fresh sets of points, when rounding or wild values have spoilt one. */
const MOST_REBUILT = 20;

export interface BobyqaSetup extends Pick<OptimizerContext, 'dimension' | 'start' | 'steps'> {
  readonly options: ResolvedBobyqaOptions;
}

/**
 * A trust-region method in a box: a quadratic through 2 n + 1 points, of which each evaluation replaces one, changes as little as can be each time
 * (in the Frobenius norm of its second derivatives), and is minimized where it can be trusted. Points that have fallen too far behind are replaced by
 * ones near the best, where they determine the model well. The resolution rho is refined when nothing is to be gained any more.
 *
 * A failed evaluation, or one that breaks a constraint, is taken for a value worse than all others; where all of the first points break one, the
 * violation is minimized until there is none.
 *
 * @see Powell (2009), The BOBYQA algorithm for bound constrained optimization without derivatives, DAMTP 2009/NA06
 * @see Ragonneau, Zhang (2024), PDFO: a cross-platform package for Powell's derivative-free optimization solvers, Math. Program. Comput. 16, 535
 */
export class Bobyqa implements StagedAlgorithm {
  readonly #n: number;
  readonly #setup: BobyqaSetup;
  readonly #random: RandomStream;
  #phase: Phase = 'design';
  /** What is to be evaluated; the centre of a design. */
  #x: Float64Array;
  /** At the centre of a design, where it is known. */
  #fx = NaN;
  /** All that was found breaks a constraint: by how much is the value. */
  #isRepairing = false;
  #failedStarts = 0;
  #rebuilt = 0;
  #radius: Radius;
  #set: InterpolatedPoints | undefined;
  /** How often trials of late have gained something: 1 always, 0 never. */
  #luck = 1;
  #restarts = 0;
  /** Of the model at the last points, since the resolution was refined. */
  #errors: number[] = [];
  /** What the trial is expected to gain. */
  #gain = 0;
  /** The point that is to be replaced for the sake of geometry. */
  #replaced = 0;
  #stopReason: StopReason | undefined;

  constructor(setup: BobyqaSetup, random: RandomStream) {
    this.#n = setup.dimension;
    this.#setup = setup;
    this.#random = random;
    this.#x = setup.start.slice();
    this.#radius = new Radius(setup.options.rhoBegin);
  }

  get stopReason(): StopReason | undefined {
    return this.#stopReason;
  }

  points(): readonly Float64Array[] {
    if (this.#stopReason) return [];
    if (this.#phase !== 'design') return [this.#x];
    const around = axialDesign(this.#x, Math.min(0.25, this.#radius.delta), this.#setup.steps);
    return Number.isNaN(this.#fx) ? [this.#x, ...around] : around;
  }

  advance(answers: readonly StageAnswer[]): void {
    if (this.#isRepairing && this.#beginWhereFeasible(answers)) return;
    if (this.#phase === 'design') this.#begin(answers);
    else if (this.#phase === 'probe') this.#probe(answers[0]!);
    else this.#judge(this.#value(answers[0]!));
  }

  /** What is minimized; NaN where there is no such value. */
  #value({ fx, violation }: StageAnswer): number {
    const value = this.#isRepairing && !Number.isNaN(fx) ? violation : violation > 0 ? NaN : fx;
    return finite(value) ? value : NaN;
  }

  #beginWhereFeasible(answers: readonly StageAnswer[]): boolean {
    const points = this.points();
    const at = answers.findIndex(({ fx, violation }) => violation === 0 && finite(fx));
    if (at < 0) return false;
    this.#isRepairing = false;
    this.#radius = new Radius(this.#setup.options.rhoBegin);
    this.#design(points[at]!, answers[at]!.fx);
    return true;
  }

  #begin(answers: readonly StageAnswer[]): void {
    let values = answers.map((answer) => this.#value(answer));
    if (Number.isNaN(this.#fx) && values.every(Number.isNaN)) {
      this.#isRepairing = true;
      values = answers.map((answer) => this.#value(answer));
      if (values.every(Number.isNaN)) {
        this.#isRepairing = false;
        this.#failStart();
        return;
      }
    }
    const points = this.points();
    const isCentreKnown = !Number.isNaN(this.#fx);
    const known = isCentreKnown ? [this.#fx, ...values] : values;
    this.#set = InterpolatedPoints.of(isCentreKnown ? [this.#x, ...points] : points, withPenalties(known));
    this.#errors = [];
    if (this.#set) this.#next();
    else this.#rebuild();
  }

  #failStart(): void {
    this.#phase = 'probe';
    if (++this.#failedStarts < this.#setup.options.maxFailedStarts)
      this.#x = Float64Array.from({ length: this.#n }, () => this.#random.uniform());
    else this.#stop('only-failures', `the evaluations of all ${this.#failedStarts} starts failed`);
  }

  #probe(answer: StageAnswer): void {
    if (Number.isNaN(this.#value(answer)) && answer.violation > 0) this.#isRepairing = true;
    const value = this.#value(answer);
    if (Number.isNaN(value)) {
      this.#isRepairing = false;
      this.#failStart();
    } else this.#design(this.#x, value);
  }

  #design(x: Float64Array, fx: number): void {
    this.#phase = 'design';
    this.#x = x;
    this.#fx = fx;
    this.#set = undefined;
  }

  #region(radius: number): Region {
    const { best } = this.#set!;
    return { low: best.map((value) => 0 - value), high: best.map((value) => 1 - value), radius };
  }

  /** Chooses what to do with the model as it is. */
  #next(): void {
    const set = this.#set!;
    for (;;) {
      const { rho, delta } = this.#radius;
      const { step, length, gain, curvature } = trustStep(set.model, this.#region(delta));
      // What is lost in rounding cannot be judged.
      const isVisible = gain > Number.EPSILON * Math.abs(set.bestValue);
      if (length >= rho / 2 && isVisible) {
        this.#try('trial', step, gain);
        return;
      }
      this.#radius.shrink();
      // Powell (2009), section 6: the errors are within what the curvature makes of a step of rho / 2.
      const most = (curvature * rho * rho) / 8;
      const isAccurate = this.#errors.length === ERRORS && this.#errors.every((error) => error <= most);
      if (!isAccurate && this.#improveGeometry()) return;
      if (this.#refine()) continue;
      if (length > 0 && isVisible) this.#try('last', step, gain);
      else this.#end();
      return;
    }
  }

  #try(phase: Phase, step: Float64Array, gain: number): void {
    this.#phase = phase;
    this.#gain = gain;
    this.#x = this.#set!.best.map((value, i) => Math.min(1, Math.max(0, value + step[i]!)));
  }

  /** Moves the farthest point near the best, if it is too far away. */
  #improveGeometry(): boolean {
    const set = this.#set!;
    const { rho, delta } = this.#radius;
    const { at, distance } = set.farthest();
    if (distance <= Math.max(2 * delta, 10 * rho)) return false;
    const { interpolation } = set;
    if (!interpolation) {
      this.#rebuild();
      return true;
    }
    const radius = Math.max(Math.min(distance / 10, delta), rho);
    const step = farthestFromZero(interpolation.lagrange(at), this.#region(radius), set.stepTo(at));
    this.#replaced = at;
    this.#try('geometry', step, 0);
    return true;
  }

  #judge(told: number): void {
    const set = this.#set!;
    const phase = this.#phase;
    const { rho } = this.#radius;
    const value = Number.isNaN(told) ? set.penalty : told;
    const d = minus(this.#x, set.best);
    // Of a step on the sphere, whatever the rounding.
    const length = Math.min(norm(d), this.#radius.delta);
    const gained = set.bestValue - value;
    const error = Math.abs(value - set.model.at(d));
    this.#errors = [...this.#errors, length <= rho && error < UNKNOWN ? error : UNKNOWN].slice(-ERRORS);
    const ratio = gained / this.#gain;
    if (phase === 'trial') {
      this.#radius.judge(ratio, length);
      this.#luck = FADING * this.#luck + (ratio > 0 ? 1 - FADING : 0);
    }
    const at =
      phase === 'geometry'
        ? this.#replaced
        : set.toReplace(d, gained > 0, Math.max(this.#radius.delta / 10, rho));
    const isSound = at < 0 || set.replace(at, this.#x, value);
    if (phase === 'last') this.#end();
    else if (!isSound) this.#rebuild();
    else if (phase === 'trial' && ratio <= POOR) this.#repent(ratio, length);
    else this.#next();
  }

  /** After a bad step: the points may be too far away, or the resolution too coarse. */
  #repent(ratio: number, length: number): void {
    if (this.#improveGeometry()) return;
    const { rho, delta } = this.#radius;
    if (ratio <= 0 && Math.max(delta, length) <= rho && !this.#refine()) this.#end();
    else this.#next();
  }

  /** @returns false when it is as fine as it may get */
  #refine(): boolean {
    const { rhoEnd } = this.#setup.options;
    if (this.#radius.rho <= rhoEnd) return false;
    this.#radius.refine(rhoEnd);
    this.#errors = [];
    return true;
  }

  #rebuild(): void {
    const { best = this.#x, bestValue = this.#fx } = this.#set ?? {};
    if (++this.#rebuilt < MOST_REBUILT && finite(bestValue)) this.#design(best, bestValue);
    else this.#stop('degenerate', 'the values determine no model');
  }

  /** Stops, unless the model has been of so little use that its points may have lost the way: then it begins once more about the best. */
  #end(): void {
    const { rhoBegin, rhoEnd, maxRestarts } = this.#setup.options;
    const { best, bestValue } = this.#set!;
    if (this.#luck < RELIABLE && this.#restarts < maxRestarts) {
      this.#luck = 1;
      this.#radius = new Radius(Math.max(rhoEnd, rhoBegin * 0.3 ** ++this.#restarts));
      this.#design(best, bestValue);
      return;
    }
    this.#stop('rho-end', `no better values are expected at the resolution rhoEnd ${rhoEnd}`);
  }

  #stop(kind: string, detail: string): void {
    this.#stopReason = { kind, detail };
  }

  save(writer: SnapshotWriter): void {
    writer.put('phase', PHASES.indexOf(this.#phase));
    writer.put('isRepairing', Number(this.#isRepairing));
    writer.put('failedStarts', this.#failedStarts);
    writer.put('rebuilt', this.#rebuilt);
    writer.put('restarts', this.#restarts);
    writer.put('replaced', this.#replaced);
    writer.put('errors', this.#errors.length);
    writer.put('hasValue', Number(!Number.isNaN(this.#fx)));
    writer.put('hasSet', Number(this.#set !== undefined));
    writer.stop(this.#stopReason);
    writer.numbers(this.#x);
    writer.numbers([Number.isNaN(this.#fx) ? 0 : this.#fx, this.#gain, this.#luck]);
    writer.numbers(this.#errors);
    this.#radius.save(writer);
    this.#set?.save(writer);
  }

  static load(reader: SnapshotReader, setup: BobyqaSetup, random: RandomStream): Bobyqa {
    const saved = new Bobyqa(setup, random);
    const n = setup.dimension;
    const flag = (key: string): boolean => reader.integer(key, 0, 1) === 1;
    saved.#phase = PHASES[reader.integer('phase', 0, PHASES.length - 1)]!;
    saved.#isRepairing = flag('isRepairing');
    saved.#failedStarts = reader.integer('failedStarts', 0, setup.options.maxFailedStarts);
    saved.#rebuilt = reader.integer('rebuilt', 0, MOST_REBUILT);
    saved.#restarts = reader.integer('restarts', 0, setup.options.maxRestarts);
    saved.#replaced = reader.integer('replaced', 0, 2 * n);
    const errors = reader.integer('errors', 0, ERRORS);
    const hasValue = flag('hasValue');
    const hasSet = flag('hasSet');
    saved.#stopReason = reader.stop();
    saved.#x.set(reader.numbers('point', n, inUnitBox));
    const fx = reader.number('value', finite);
    saved.#fx = hasValue ? fx : NaN;
    saved.#gain = reader.number('expected gain', (value) => value >= 0 && finite(value));
    saved.#luck = reader.number('luck', inUnitBox);
    saved.#errors = [...reader.numbers('errors', errors, finite)];
    saved.#radius = Radius.load(reader);
    if (hasSet) saved.#set = InterpolatedPoints.load(reader, n);
    const needsSet = !saved.#stopReason && saved.#phase !== 'design' && saved.#phase !== 'probe';
    if (needsSet && !hasSet) throw reader.invalid('has a trial without a model');
    return saved;
  }
}

/** With something worse than all that is known where a value is missing. */
function withPenalties(values: readonly number[]): Float64Array {
  const known = values.filter((value) => !Number.isNaN(value));
  const [least, worst] = [Math.min(...known), Math.max(...known)];
  const penalty = worst + Math.max(worst - least, 1e-3 * Math.abs(worst), 1e-12);
  return Float64Array.from(values, (value) => (Number.isNaN(value) ? penalty : value));
}
