import { figure } from '../../conditions/figures.ts';
import type { RandomStream } from '../../core/random.ts';
import { power } from '../../core/power.ts';
import type { OptimizerContext, StopReason } from '../contract.ts';
import { finite, inUnitBox, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import type { StageAnswer, StagedAlgorithm } from '../staged.ts';
import { type Curvature, dot } from './curvature.ts';
import { differentiate, planDifferences, pointsOf } from './differences.ts';
import { LineSearch } from './line-search.ts';
import type { ResolvedOptions } from './options.ts';
import { Roughness } from './roughness.ts';

const PHASES = ['start', 'gradient', 'other-side', 'line'] as const;
type Phase = (typeof PHASES)[number];

/** Of differences before anything is known of the curvature. */
const FIRST_WIDTH = 1e-7;
const [LEAST_WIDTH, GREATEST_WIDTH] = [1e-10, 1e-3];

/** What a descent is made for. */
export interface DescentSetup extends Pick<OptimizerContext, 'dimension' | 'start' | 'steps'> {
  readonly options: ResolvedOptions;
  readonly curvature: () => Curvature;
  /** The value at the start, where that is known and finite: it is then not evaluated. */
  readonly known?: number;
  /** Coordinates that stand for integers stay where they are. */
  readonly holdsIntegers?: boolean;
}

/**
 * A quasi-Newton descent in a box: coordinates at a bound that the gradient presses against are held, the others take the step that the
 * curvature says, and steps that leave the box are projected onto it.
 *
 * A task without a gradient has it taken by differences, whose width balances curvature and rounding: h = 2 sqrt(eps |f| / f''). They are
 * forward differences until these bring no progress any more, and central ones then. A point that breaks a constraint is one without a
 * value, unless the start is such a point: then the violation is minimized until there is none.
 *
 * @see Bertsekas (1982), Projected Newton methods for optimization problems with simple constraints, SIAM J. Control Optim. 20, 221
 * @see Nocedal and Wright (2006), Numerical Optimization, chapters 6-8 and 16.7
 */
export class QuasiNewtonDescent implements StagedAlgorithm {
  readonly #n: number;
  readonly #setup: DescentSetup;
  readonly #random: RandomStream;
  readonly #curvature: Curvature;
  /** The coordinates that move. */
  readonly #moving: readonly number[];
  #phase: Phase = 'start';
  #x: Float64Array;
  #fx = NaN;
  /** The point breaks a constraint: `fx` is by how much. */
  #isRepairing = false;
  readonly #g: Float64Array;
  /** The point before, and its gradient; of no use after a fresh start. */
  readonly #previous: { readonly x: Float64Array; readonly g: Float64Array; isKnown: boolean };
  #isCentral = false;
  /** The task gives its gradient with each value. */
  #hasGradient = false;
  /** Coordinates whose differences are taken to the other side. */
  #unknown: readonly number[] = [];
  #line: LineSearch;
  readonly #roughness: Roughness;
  /** By the quadratic model, of the step that is searched along. */
  #promised = NaN;
  #failedStarts = 0;
  #smallGains = 0;
  #stopReason: StopReason | undefined;

  constructor(setup: DescentSetup, random: RandomStream) {
    const n = setup.dimension;
    this.#n = n;
    this.#setup = setup;
    this.#random = random;
    this.#curvature = setup.curvature();
    this.#moving = setup.steps.flatMap((count, i) => (setup.holdsIntegers && count > 1 ? [] : [i]));
    this.#x = setup.start.slice();
    this.#g = new Float64Array(n);
    this.#previous = { x: new Float64Array(n), g: new Float64Array(n), isKnown: false };
    this.#line = new LineSearch(n);
    this.#roughness = new Roughness(setup.options.roughness);
    if (setup.known !== undefined) this.#arrive(setup.known, {});
  }

  /** Where it has got to; NaN before the first value. */
  get here(): { readonly x: Float64Array; readonly fx: number } {
    return { x: this.#x, fx: this.#fx };
  }

  get stopReason(): StopReason | undefined {
    return this.#stopReason;
  }

  points(): readonly Float64Array[] {
    if (this.#stopReason) return [];
    if (this.#phase === 'start') return [this.#x];
    if (this.#phase === 'line') return [this.#line.trial(this.#x)];
    return pointsOf(this.#x, this.#plan());
  }

  advance(answers: readonly StageAnswer[]): void {
    if (this.#phase === 'start') this.#begin(answers[0]!);
    else if (this.#phase === 'line') this.#search(answers[0]!);
    else this.#differentiate(answers);
  }

  #begin(answer: StageAnswer): void {
    this.#isRepairing = answer.violation > 0;
    const value = this.#value(answer);
    if (!Number.isNaN(value)) this.#arrive(value, answer);
    else if (++this.#failedStarts < this.#setup.options.maxFailedStarts)
      this.#x = Float64Array.from({ length: this.#n }, () => this.#random.uniform());
    else
      this.#stopReason = {
        kind: 'only-failures',
        detail: `the evaluations of all ${this.#failedStarts} starts failed`,
      };
  }

  /** What is minimized; NaN where there is no such value. */
  #value({ fx, violation }: StageAnswer): number {
    if (this.#isRepairing) return Number.isNaN(fx) ? NaN : violation;
    return violation > 0 || !Number.isFinite(fx) ? NaN : fx;
  }

  /** At a new point. */
  #arrive(value: number, { gradient }: Pick<StageAnswer, 'gradient'>): void {
    this.#fx = value;
    this.#hasGradient = gradient !== undefined && !this.#isRepairing;
    if (gradient && this.#hasGradient) {
      this.#g.set(gradient);
      this.#step();
    } else this.#phase = 'gradient';
  }

  #plan(): ReturnType<typeof planDifferences> {
    const isOther = this.#phase === 'other-side';
    const coordinates = isOther ? this.#unknown : this.#moving;
    const widths = Float64Array.from({ length: this.#n }, (_, i) => this.#width(i));
    return planDifferences(this.#x, widths, this.#isCentral && !isOther, coordinates, isOther);
  }

  /** Of the difference along a coordinate. */
  #width(i: number): number {
    const steps = this.#setup.steps[i]!;
    if (steps > 1) return 1 / steps;
    if (!this.#curvature.isScaled) return this.#isCentral ? power(FIRST_WIDTH, 2 / 3) : FIRST_WIDTH;
    // Nocedal and Wright, eqs. 8.4-8.8, with f'' in place of its bound.
    const rounding = Number.EPSILON * Math.max(Math.abs(this.#fx), Number.MIN_VALUE / Number.EPSILON);
    const ratio = rounding / this.#curvature.diagonal(i);
    const width = this.#isCentral ? Math.cbrt(ratio) : 2 * Math.sqrt(ratio);
    return width >= LEAST_WIDTH ? Math.min(width, GREATEST_WIDTH) : LEAST_WIDTH;
  }

  #differentiate(answers: readonly StageAnswer[]): void {
    const unknown = differentiate(
      this.#x,
      this.#fx,
      this.#plan(),
      answers,
      (answer) => this.#value(answer),
      this.#g,
    );
    if (unknown.length > 0 && this.#phase === 'gradient') {
      this.#unknown = unknown;
      this.#phase = 'other-side';
      return;
    }
    for (const i of unknown) this.#g[i] = 0;
    this.#step();
  }

  /** The gradient is known: chooses a direction, or an end. */
  #step(): void {
    const { x, g, isKnown } = this.#previous;
    if (isKnown) {
      const [s, y] = [this.#x.map((value, i) => value - x[i]!), this.#g.map((value, i) => value - g[i]!)];
      if (s.some((value) => value !== 0)) this.#curvature.learn(s, y);
    }
    const free = Uint8Array.from(this.#g, (slope, i) => {
      const at = this.#x[i]!;
      return slope === 0 || (at <= 0 && slope > 0) || (at >= 1 && slope < 0) ? 0 : 1;
    });
    const direction = new Float64Array(this.#n);
    this.#curvature.direction(this.#g, free, direction);
    if (!(dot(direction, this.#g) < 0)) {
      this.#curvature.reset();
      this.#curvature.direction(this.#g, free, direction);
    }
    const slope = dot(direction, this.#g);
    const longest = direction.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (longest === 0 || !Number.isFinite(slope)) {
      this.#refine(
        'no-slope',
        'no coordinate that may move has a slope: the values around the point do not differ',
      );
      return;
    }
    const isFirst = !this.#curvature.isScaled;
    if (!isFirst && -slope / 2 < Math.max(this.#setup.options.tolFun, 2 * this.#rounding)) {
      this.#refine(
        'tol-fun',
        `expected gain of values ${figure(-slope / 2)} < tolFun ${this.#setup.options.tolFun}`,
      );
      return;
    }
    const factor = isFirst ? this.#setup.options.initialStep / longest : Math.min(1, 1 / longest);
    this.#promised = -slope * (factor - factor ** 2 / 2);
    this.#line.begin(direction, this.#g, factor);
    this.#phase = 'line';
  }

  /** How much of a difference of values may be rounding. */
  get #rounding(): number {
    return Number.EPSILON * Math.abs(this.#fx);
  }

  #search(answer: StageAnswer): void {
    if (this.#isRepairing && answer.violation === 0 && Number.isFinite(answer.fx)) {
      // All constraints hold: from here on its value counts.
      this.#x = this.#line.trial(this.#x);
      this.#forget();
      this.#roughness.forget();
      this.#isRepairing = false;
      this.#arrive(answer.fx, answer);
      return;
    }
    const verdict = this.#line.judge(this.#x, this.#fx, this.#value(answer), answer);
    if (verdict === 'go on') return;
    if (verdict === 'failed') {
      if (this.#curvature.isScaled && this.#previous.isKnown) {
        this.#forget();
        this.#phase = 'gradient';
        if (this.#hasGradient) this.#step();
      } else this.#refine('line-search', 'no step downhill brings better values');
      return;
    }
    const { x, fx } = this.#line.best!;
    this.#roughness.record(this.#fx - fx, this.#promised);
    this.#smallGains =
      this.#fx - fx <= Math.max(this.#setup.options.tolFun, this.#rounding) ? this.#smallGains + 1 : 0;
    this.#previous.x.set(this.#x);
    this.#previous.g.set(this.#g);
    this.#previous.isKnown = true;
    this.#x = x;
    const rough = this.#roughness.finding;
    if (rough !== undefined) {
      this.#fx = fx;
      this.#stopReason = { kind: 'rough', detail: rough };
      return;
    }
    const reached = this.#line.best!.answer;
    if (this.#smallGains >= 2) {
      this.#fx = fx;
      this.#refine('tol-fun', `the last gains of values are <= tolFun ${this.#setup.options.tolFun}`);
      if (this.#stopReason) return;
    }
    this.#arrive(fx, reached);
  }

  #forget(): void {
    this.#curvature.reset();
    this.#previous.isKnown = false;
  }

  /** There is nothing to gain as it seems: looks more closely, once, and then stops. */
  #refine(kind: string, detail: string): void {
    if (this.#isCentral || this.#hasGradient) {
      this.#stopReason = { kind, detail };
      return;
    }
    this.#isCentral = true;
    this.#smallGains = 0;
    this.#phase = 'gradient';
  }

  save(writer: SnapshotWriter): void {
    writer.put('phase', PHASES.indexOf(this.#phase));
    writer.put('isRepairing', Number(this.#isRepairing));
    writer.put('isCentral', Number(this.#isCentral));
    writer.put('hasGradient', Number(this.#hasGradient));
    writer.put('hasPrevious', Number(this.#previous.isKnown));
    writer.put('failedStarts', this.#failedStarts);
    writer.put('smallGains', this.#smallGains);
    writer.put('unknown', this.#unknown);
    writer.stop(this.#stopReason);
    writer.put('hasValue', Number(!Number.isNaN(this.#fx)));
    writer.numbers([Number.isNaN(this.#fx) ? 0 : this.#fx]);
    writer.numbers([Number.isNaN(this.#promised) ? 0 : this.#promised]);
    for (const part of [this.#x, this.#g, this.#previous.x, this.#previous.g]) writer.numbers(part);
    this.#roughness.save(writer);
    this.#curvature.save(writer);
    this.#line.save(writer);
  }

  static load(reader: SnapshotReader, setup: DescentSetup, random: RandomStream): QuasiNewtonDescent {
    const saved = new QuasiNewtonDescent(setup, random);
    const n = setup.dimension;
    const flag = (key: string): boolean => reader.integer(key, 0, 1) === 1;
    saved.#phase = PHASES[reader.integer('phase', 0, PHASES.length - 1)]!;
    saved.#isRepairing = flag('isRepairing');
    saved.#isCentral = flag('isCentral');
    saved.#hasGradient = flag('hasGradient');
    saved.#previous.isKnown = flag('hasPrevious');
    saved.#failedStarts = reader.integer('failedStarts', 0, setup.options.maxFailedStarts);
    saved.#smallGains = reader.integer('smallGains', 0, 2);
    saved.#unknown = reader.ascending('unknown', 0, n - 1);
    saved.#stopReason = reader.stop();
    const hasValue = flag('hasValue');
    const fx = reader.number('value', finite);
    saved.#fx = hasValue ? fx : NaN;
    saved.#promised = reader.number('promised gain', finite);
    saved.#x.set(reader.numbers('point', n, inUnitBox));
    saved.#g.set(reader.numbers('gradient', n, finite));
    saved.#previous.x.set(reader.numbers('previous point', n, inUnitBox));
    saved.#previous.g.set(reader.numbers('previous gradient', n, finite));
    saved.#roughness.load(reader);
    saved.#curvature.load(reader);
    saved.#line.load(reader);
    return saved;
  }
}
