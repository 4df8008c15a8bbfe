import type { RandomStream } from '../../core/random.ts';
import { power } from '../../core/power.ts';
import type { Ranked } from '../../core/ranking.ts';
import type { OptimizerContext, StopReason } from '../contract.ts';
import { finite, inUnitBox, positive, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import type { StageAnswer, StagedAlgorithm } from '../staged.ts';
import { dampedStep, type DampedStep, square } from './damped-step.ts';
import { MOST_UPDATES, type ResolvedLevenbergMarquardtOptions } from './options.ts';

const PHASES = ['start', 'jacobian', 'trial'] as const;
type Phase = (typeof PHASES)[number];

const MOST_REJECTED = 16;
const [LEAST_LAMBDA, GREATEST_LAMBDA] = [1e-15, 1e15];
const LONGEST = 1e7;
/** A step that brings less than this part of what it was expected to bring is no base for an update. */
const TRUSTED = 0.25;

export interface FitSetup extends Pick<OptimizerContext, 'dimension' | 'start' | 'steps'> {
  readonly options: ResolvedLevenbergMarquardtOptions;
}

/**
 * Levenberg-Marquardt in a box: the residuals are taken for linear near the point, and a damping, which grows as long as that was not true and
 * shrinks when it was, keeps the step short. Derivatives are differences, all of a Jacobian at once: forward ones until they bring no progress any
 * more, then central ones. After a step that went as expected the Jacobian is not measured again but updated by what the step has shown.
 *
 * @see Moré (1978), The Levenberg-Marquardt algorithm: implementation and theory, LNM 630, 105
 * @see Nielsen (1999), Damping parameter in Marquardt's method, IMM-REP-1999-05: the rule for the damping
 * @see Madsen, Nielsen, Tingleff (2004), Methods for non-linear least squares problems, section 3.5: the secant version
 */
export class Fit implements StagedAlgorithm {
  readonly #n: number;
  readonly #setup: FitSetup;
  readonly #random: RandomStream;
  #phase: Phase = 'start';
  #x: Float64Array;
  /** At `x`. */
  #r: Float64Array = new Float64Array();
  /** Column-major. */
  #jacobian: Float64Array = new Float64Array();
  /** How many updates the Jacobian has had since it was measured. */
  #updates = 0;
  /** Moré's scaling: the longest that each column has been. */
  readonly #scale: Float64Array;
  #lambda: number;
  /** By what the damping is multiplied at the next rejection. */
  #growth = 2;
  #rejected = 0;
  #isCentral = false;
  #smallGains = 0;
  #failedStarts = 0;
  #step: DampedStep | undefined;
  #stopReason: StopReason | undefined;

  constructor(setup: FitSetup, random: RandomStream) {
    this.#n = setup.dimension;
    this.#setup = setup;
    this.#random = random;
    this.#x = setup.start.slice();
    this.#scale = new Float64Array(this.#n);
    this.#lambda = setup.options.damping;
  }

  get stopReason(): StopReason | undefined {
    return this.#stopReason;
  }

  points(): readonly Float64Array[] {
    if (this.#stopReason) return [];
    if (this.#phase === 'start') return [this.#x];
    if (this.#phase === 'trial') return [this.#trial()];
    return this.#differences().flatMap(({ i, steps }) =>
      steps.map((by) => this.#x.with(i, this.#x[i]! + by)),
    );
  }

  advance(answers: readonly StageAnswer[]): void {
    if (this.#phase === 'start') this.#begin(answers[0]!);
    else if (this.#phase === 'jacobian') this.#learn(answers);
    else this.#judge(answers[0]!);
  }

  /** A step that brings nothing is rejected, however much it loses. */
  rival(): Ranked | undefined {
    return this.#phase === 'trial' ? { fx: square(this.#r) } : undefined;
  }

  #begin(answer: StageAnswer): void {
    const residuals = usable(answer);
    if (residuals) {
      this.#r = residuals;
      this.#phase = 'jacobian';
    } else if (++this.#failedStarts < this.#setup.options.maxFailedStarts)
      this.#x = Float64Array.from({ length: this.#n }, () => this.#random.uniform());
    else this.#stop('only-failures', `the evaluations of all ${this.#failedStarts} starts failed`);
  }

  #differences(): readonly { readonly i: number; readonly steps: readonly number[] }[] {
    const { steps: counts, options } = this.#setup;
    return Array.from(this.#x, (at, i) => {
      const width =
        counts[i]! > 1
          ? 1 / counts[i]!
          : this.#isCentral
            ? Math.cbrt(options.difference ** 2)
            : options.difference;
      if (this.#isCentral && at >= width && at + width <= 1) return { i, steps: [width, -width] };
      return { i, steps: [at < 0.5 ? width : -width] };
    });
  }

  #learn(answers: readonly StageAnswer[]): void {
    const m = this.#r.length;
    const jacobian = new Float64Array(m * this.#n);
    let next = 0;
    for (const { i, steps } of this.#differences()) {
      // As the points really are, rounding included; the point itself stands for a side that has no value.
      const at = this.#x[i]!;
      const sides = steps
        .map((by) => ({ by: at + by - at, r: usable(answers[next++]!, m) }))
        .flatMap(({ by, r }) => (r ? [{ by, r }] : []));
      const [a, b = { by: 0, r: this.#r }] = sides;
      if (!a) continue;
      for (let row = 0; row < m; row++) jacobian[i * m + row] = (a.r[row]! - b.r[row]!) / (a.by - b.by);
    }
    this.#jacobian = jacobian;
    this.#updates = 0;
    for (let i = 0; i < this.#n; i++) {
      const length = Math.sqrt(square(jacobian.subarray(i * m, (i + 1) * m)));
      this.#scale[i] = Math.max(this.#scale[i]!, length, Number.MIN_VALUE);
    }
    this.#try();
  }

  /** Chooses a step with the damping as it is. */
  #try(): void {
    const least = Math.max(...this.#scale) * 1e-10;
    const scale = this.#scale.map((value) => Math.max(value, least, 1e-100));
    this.#step = dampedStep(this.#x, this.#r, this.#jacobian, scale, this.#lambda);
    const expected = this.#setup.options.tolFun * square(this.#r);
    if (!this.#step) this.#refine('no-slope', 'no step lowers the values of the residuals');
    else if (this.#step.gain <= expected)
      this.#refine(
        'tol-fun',
        `the expected gain of values is <= tolFun ${this.#setup.options.tolFun} of their sum`,
      );
    else this.#phase = 'trial';
  }

  #trial(): Float64Array {
    return this.#x.map((value, i) => Math.min(1, Math.max(0, value + this.#step!.step[i]!)));
  }

  #judge(answer: StageAnswer): void {
    const residuals = usable(answer, this.#r.length);
    const before = square(this.#r);
    const gained = residuals ? before - square(residuals) : -1;
    const ratio = gained / this.#step!.gain;
    if (!(ratio > 1e-4)) {
      this.#lambda = Math.min(GREATEST_LAMBDA, this.#lambda * this.#growth);
      this.#growth *= 2;
      if (this.#updates > 0) this.#phase = 'jacobian';
      else if (++this.#rejected < MOST_REJECTED) this.#try();
      else this.#refine('no-progress', 'no step, however short, brings better values');
      return;
    }
    const { tolFun } = this.#setup.options;
    this.#smallGains = gained <= tolFun * before ? this.#smallGains + 1 : 0;
    const isUpdated = ratio > TRUSTED && this.#smallGains === 0 && this.#update(residuals!);
    this.#x = this.#trial();
    this.#r = residuals!;
    // Nielsen, eq. 2.4a
    this.#lambda = Math.max(LEAST_LAMBDA, this.#lambda * Math.max(1 / 3, 1 - power(2 * ratio - 1, 3)));
    this.#growth = 2;
    this.#rejected = 0;
    this.#phase = 'jacobian';
    if (square(this.#r) === 0) this.#stop('exact', 'the values of all residuals are 0');
    else if (this.#smallGains >= 2)
      this.#refine('tol-fun', `the last gains of values are <= tolFun ${tolFun} of their sum`);
    else if (isUpdated) this.#try();
  }

  /**
   * Broyden's rank-one update: the least change of the Jacobian, in the scaled parameters, that explains what the step did.
   *
   * @param after the residuals where the step went
   * @returns whether the Jacobian can be used there; otherwise it is to be measured
   */
  #update(after: Float64Array): boolean {
    if (this.#isCentral || this.#updates >= this.#setup.options.secantUpdates) return false;
    const [m, jacobian] = [after.length, this.#jacobian];
    const step = this.#trial().map((value, i) => value - this.#x[i]!);
    const weighted = step.map((by, i) => by * this.#scale[i]! ** 2);
    const length = step.reduce((sum, by, i) => sum + by * weighted[i]!, 0);
    if (!(length > 0 && length < Infinity)) return false;
    const missed = after.map((value, row) => value - this.#r[row]!);
    for (let i = 0; i < this.#n; i++)
      for (let row = 0; row < m; row++) missed[row]! -= jacobian[i * m + row]! * step[i]!;
    for (let i = 0; i < this.#n; i++)
      for (let row = 0; row < m; row++) jacobian[i * m + row]! += (missed[row]! * weighted[i]!) / length;
    this.#updates++;
    return true;
  }

  /** There is nothing to gain as it seems: looks more closely, once, and then stops. */
  #refine(kind: string, detail: string): void {
    if (this.#updates > 0) {
      this.#phase = 'jacobian';
      return;
    }
    if (this.#isCentral || !this.#setup.options.refine) {
      this.#stop(kind, detail);
      return;
    }
    this.#isCentral = true;
    this.#smallGains = 0;
    this.#rejected = 0;
    this.#growth = 2;
    this.#phase = 'jacobian';
  }

  #stop(kind: string, detail: string): void {
    this.#stopReason = { kind, detail };
  }

  save(writer: SnapshotWriter): void {
    writer.put('phase', PHASES.indexOf(this.#phase));
    writer.put('residualCount', this.#r.length);
    writer.put('hasJacobian', Number(this.#jacobian.length > 0));
    writer.put('updates', this.#updates);
    writer.put('isCentral', Number(this.#isCentral));
    writer.put('rejected', this.#rejected);
    writer.put('smallGains', this.#smallGains);
    writer.put('failedStarts', this.#failedStarts);
    writer.put('hasStep', Number(this.#step !== undefined));
    writer.stop(this.#stopReason);
    writer.numbers(this.#x);
    writer.numbers(this.#r);
    writer.numbers(this.#jacobian);
    writer.numbers(this.#scale);
    writer.numbers([this.#lambda, this.#growth]);
    if (this.#step) writer.numbers([...this.#step.step, this.#step.gain]);
  }

  static load(reader: SnapshotReader, setup: FitSetup, random: RandomStream): Fit {
    const saved = new Fit(setup, random);
    const n = setup.dimension;
    saved.#phase = PHASES[reader.integer('phase', 0, PHASES.length - 1)]!;
    const m = reader.integer('residualCount', 0, LONGEST);
    const hasJacobian = reader.integer('hasJacobian', 0, 1) === 1;
    saved.#updates = reader.integer('updates', 0, MOST_UPDATES);
    saved.#isCentral = reader.integer('isCentral', 0, 1) === 1;
    saved.#rejected = reader.integer('rejected', 0, MOST_REJECTED);
    saved.#smallGains = reader.integer('smallGains', 0, 2);
    saved.#failedStarts = reader.integer('failedStarts', 0, setup.options.maxFailedStarts);
    const hasStep = reader.integer('hasStep', 0, 1) === 1;
    saved.#stopReason = reader.stop();
    saved.#x.set(reader.numbers('point', n, inUnitBox));
    saved.#r = reader.numbers('residuals', m, finite);
    saved.#jacobian = reader.numbers('derivatives', hasJacobian ? m * n : 0, finite);
    saved.#scale.set(reader.numbers('scale', n, (value) => value >= 0 && finite(value)));
    saved.#lambda = reader.number('damping', positive);
    saved.#growth = reader.number('growth of the damping', positive);
    if (hasStep) {
      const step = reader.numbers('step', n, finite);
      saved.#step = { step, gain: reader.number('expected gain', positive) };
    }
    if (saved.#phase === 'trial' && !hasStep) throw reader.invalid('has a trial without a step');
    return saved;
  }
}

/** The residuals of a point that can be used: as many as there were, finite, and of a feasible point. */
function usable({ fx, violation, residuals }: StageAnswer, count?: number): Float64Array | undefined {
  if (!residuals || !Number.isFinite(fx) || violation > 0) return undefined;
  if (count !== undefined && residuals.length !== count) return undefined;
  return residuals;
}
