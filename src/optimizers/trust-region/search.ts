import type { RandomStream } from '../../core/random.ts';
import { power } from '../../core/power.ts';
import type { StopReason } from '../contract.ts';
import { minus, norm } from '../math/vector.ts';
import { finite, inUnitBox, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import type { StageAnswer, StagedAlgorithm } from '../staged.ts';
import { Beginning } from './beginning.ts';
import type { ModelSet, Sample, SearchSetup } from './contract.ts';
import { farthestFromZero } from './explore.ts';
import { POOR, Radius } from './radius.ts';
import { type Region, trustStep } from './step.ts';

const PHASES = ['begin', 'trial', 'geometry', 'last'] as const;
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

/**
 * A trust-region method in a box: a model through some points, of which each evaluation replaces one, is minimized where it can be trusted. Points that
 * have fallen too far behind are replaced by ones near the best, where they determine the model well. The resolution rho is refined when nothing is
 * to be gained any more, and it ends at the last one.
 *
 * @see Powell (2009), The BOBYQA algorithm for bound constrained optimization without derivatives, DAMTP 2009/NA06
 * @see Ragonneau, Zhang (2024), PDFO: a cross-platform package for Powell's derivative-free optimization solvers, Math. Program. Comput. 16, 535
 */
export class TrustRegionSearch implements StagedAlgorithm {
  readonly #setup: SearchSetup;
  #beginning: Beginning;
  #phase: Phase = 'begin';
  #radius: Radius;
  #set: ModelSet | undefined;
  /** What is to be evaluated, when it is a single point. */
  #x: Float64Array;
  /** What that is expected to gain. */
  #gain = 0;
  /** The point that it replaces, for the sake of geometry. */
  #replaced = 0;
  /** Of the model at the last points, since the resolution was refined. */
  #errors: number[] = [];
  /** How often trials of late have gained something: 1 always, 0 never. */
  #luck = 1;
  #restarts = 0;
  #rebuilt = 0;
  #stopReason: StopReason | undefined;

  constructor(setup: SearchSetup, random: RandomStream) {
    this.#setup = setup;
    this.#x = setup.start.slice();
    this.#beginning = new Beginning(setup, random);
    this.#radius = new Radius(setup.options.rhoBegin);
  }

  get stopReason(): StopReason | undefined {
    return this.#stopReason;
  }

  points(): readonly Float64Array[] {
    if (this.#stopReason) return [];
    return this.#phase === 'begin' ? this.#beginning.points(this.#radius.delta) : [this.#x];
  }

  advance(answers: readonly StageAnswer[]): void {
    const points = this.points();
    const at = this.#beginning.feasible(answers);
    if (at >= 0) {
      this.#radius = new Radius(this.#setup.options.rhoBegin);
      this.#design(points[at]!, this.#sample(answers[at]!));
    } else if (this.#phase === 'begin') this.#begin(answers, points);
    else this.#judge(this.#sample(answers[0]!));
  }

  #sample(answer: StageAnswer): Sample | undefined {
    return this.#setup.method.sample(answer, this.#beginning.isRepairing);
  }

  #design(x: Float64Array, known: Sample | undefined): void {
    this.#phase = 'begin';
    this.#set = undefined;
    this.#beginning.design(x, known);
  }

  #begin(answers: readonly StageAnswer[], points: readonly Float64Array[]): void {
    const begun = this.#beginning.take(answers, points);
    this.#stopReason = this.#beginning.stopReason;
    if (!begun) return;
    this.#set = this.#setup.method.make(begun.points, begun.samples);
    this.#errors = [];
    if (this.#set) this.#next();
    else this.#rebuild(begun.points[0]!, begun.samples[0]);
  }

  #region(radius: number): Region {
    const { best } = this.#set!;
    return { low: best.map((value) => 0 - value), high: best.map((value) => 1 - value), radius };
  }

  /** Chooses what to do with the model as it is. */
  #next(): void {
    const set = this.#set!;
    if (set.bestSample.residuals && set.bestSample.value === 0) {
      this.#stop('exact', 'the values of all residuals are 0');
      return;
    }
    for (;;) {
      const { rho, delta } = this.#radius;
      const { step, length, gain, curvature } = trustStep(set.quadratic, this.#region(delta));
      // What is lost in rounding cannot be judged.
      const isVisible = gain > Number.EPSILON * Math.abs(set.bestSample.value);
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
    const lagrange = set.lagrange(at);
    if (lagrange) {
      const radius = Math.max(Math.min(distance / 10, delta), rho);
      this.#replaced = at;
      this.#try('geometry', farthestFromZero(lagrange, this.#region(radius), set.stepTo(at)), 0);
    } else this.#rebuild(set.best, set.bestSample);
    return true;
  }

  #judge(told: Sample | undefined): void {
    const set = this.#set!;
    const phase = this.#phase;
    const { method } = this.#setup;
    const sample = told ?? set.penalty();
    const d = minus(this.#x, set.best);
    // Of a step on the sphere, whatever the rounding.
    const length = Math.min(norm(d), this.#radius.delta);
    const gained = set.bestSample.value - sample.value;
    const ratio = gained / this.#gain;
    this.#learn(length, Math.abs(sample.value - set.valueAt(d)));
    if (phase === 'trial') {
      this.#radius.judge(ratio, length);
      this.#luck = FADING * this.#luck + (ratio > 0 ? 1 - FADING : 0);
    }
    const isKept = told !== undefined || method.keepsFailed || phase === 'geometry';
    const near = Math.max(this.#radius.delta / 10, this.#radius.rho);
    const at = phase === 'geometry' ? this.#replaced : isKept ? set.toReplace(d, gained > 0, near) : -1;
    const isSound = at < 0 || set.replace(at, this.#x, sample);
    if (phase === 'last') this.#end();
    else if (!isSound) this.#rebuild(set.best, set.bestSample);
    else if (method.restartsEarly && this.#restart()) return;
    else if (phase === 'trial' && ratio <= POOR) this.#repent(ratio, length);
    else this.#next();
  }

  #learn(length: number, error: number): void {
    const isKnown = length <= this.#radius.rho && error < UNKNOWN;
    this.#errors = [...this.#errors, isKnown ? error : UNKNOWN].slice(-ERRORS);
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

  #rebuild(x: Float64Array, sample: Sample | undefined): void {
    if (++this.#rebuilt < MOST_REBUILT) this.#design(x, sample);
    else this.#stop('degenerate', 'the values determine no model');
  }

  /** The model has been of so little use that its points may have lost the way: then it begins once more about the best. */
  #restart(): boolean {
    const { rhoBegin, rhoEnd, maxRestarts } = this.#setup.options;
    if (this.#luck >= RELIABLE || this.#restarts >= maxRestarts) return false;
    this.#luck = 1;
    this.#radius = new Radius(Math.max(rhoEnd, rhoBegin * power(0.3, ++this.#restarts)));
    const { best, bestSample } = this.#set!;
    // A value that is better by chance only is not to stay.
    this.#design(best, this.#setup.method.restartsEarly ? undefined : bestSample);
    return true;
  }

  #end(): void {
    const { rhoEnd } = this.#setup.options;
    if (!this.#restart())
      this.#stop('rho-end', `no better values are expected at the resolution rhoEnd ${rhoEnd}`);
  }

  #stop(kind: string, detail: string): void {
    this.#stopReason = { kind, detail };
  }

  save(writer: SnapshotWriter): void {
    writer.put('phase', PHASES.indexOf(this.#phase));
    writer.put('restarts', this.#restarts);
    writer.put('rebuilt', this.#rebuilt);
    writer.put('replaced', this.#replaced);
    writer.put('errors', this.#errors.length);
    writer.put('hasSet', Number(this.#set !== undefined));
    writer.stop(this.#stopReason);
    writer.numbers(this.#x);
    writer.numbers([this.#gain, this.#luck]);
    writer.numbers(this.#errors);
    this.#radius.save(writer);
    this.#beginning.save(writer);
    this.#set?.save(writer);
  }

  static load(reader: SnapshotReader, setup: SearchSetup, random: RandomStream): TrustRegionSearch {
    const saved = new TrustRegionSearch(setup, random);
    const { dimension: n, options, method } = setup;
    saved.#phase = PHASES[reader.integer('phase', 0, PHASES.length - 1)]!;
    saved.#restarts = reader.integer('restarts', 0, options.maxRestarts);
    saved.#rebuilt = reader.integer('rebuilt', 0, MOST_REBUILT);
    saved.#replaced = reader.integer('replaced', 0, 2 * n);
    const errors = reader.integer('errors', 0, ERRORS);
    const hasSet = reader.integer('hasSet', 0, 1) === 1;
    saved.#stopReason = reader.stop();
    saved.#x = reader.numbers('point', n, inUnitBox);
    saved.#gain = reader.number('expected gain', (value) => value >= 0 && finite(value));
    saved.#luck = reader.number('luck', inUnitBox);
    saved.#errors = [...reader.numbers('errors', errors, finite)];
    saved.#radius = Radius.load(reader);
    saved.#beginning = Beginning.load(reader, setup, random);
    if (hasSet) saved.#set = method.load(reader);
    if (!saved.#stopReason && saved.#phase !== 'begin' && !hasSet)
      throw reader.invalid('has a trial without a model');
    return saved;
  }
}
