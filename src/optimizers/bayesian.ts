import { RandomStream } from '../core/random.ts';
import type { Ranked } from '../core/ranking.ts';
import { sobolPoint } from '../core/sequences/sobol.ts';
import { fitParameters, fromParameters, isParameter, priorParameters } from './bayesian/likelihood.ts';
import {
  type BayesianOptions,
  bayesianSchema,
  resolveBayesian,
  type ResolvedBayesianOptions,
} from './bayesian/options.ts';
import { propose } from './bayesian/proposal.ts';
import { targetsOf } from './bayesian/targets.ts';
import type {
  Answer,
  Candidate,
  Optimizer,
  OptimizerComponent,
  OptimizerContext,
  OptimizerSnapshot,
  StopReason,
} from './contract.ts';
import { CandidateLedger } from './ledger.ts';
import { inUnitBox, SnapshotReader, SnapshotWriter } from './snapshot.ts';

export type { BayesianOptions } from './bayesian/options.ts';

const TYPE = 'bayesian';
const VERSION = 2;

/** So many points without a value end it. */
const MOST_FAILED = 50;
/** So many points beyond the initial ones that all have the same value do as well. */
const MOST_EQUAL = 20;
/** Hyperparameters are fitted again when there are so many times as many points: always at first, every 4th time with 200. */
const GROWTH = 1.02;
/** Up to so many points they are sought from where nothing is known, too. */
const FEW = 100;
const FIT_ITERATIONS = 40;
/** Points this near to each other in every coordinate are the same. */
const SAME = 1e-9;
/** Uniform ones, in place of a choice that is known already. */
const DRAWS = 20;

export const bayesian: OptimizerComponent<BayesianOptions> = {
  name: TYPE,
  summary:
    'a Gaussian process and its expected improvement: for some hundred evaluations that cost minutes or hours',
  options: bayesianSchema,
  create: (options, context) => new Bayesian(options, context),
};

/**
 * Bayesian optimization: values are taken for those of a Gaussian process, whose hyperparameters are the most likely ones, and the next point is where
 * the improvement that is to be expected is greatest.
 *
 * Point k is chosen from the answers to the points up to k - `parallel`, and as if those after them had the values that are expected of them, whatever has
 * come meanwhile: so no choice depends on when answers come. All choosing is done in `ask`.
 *
 * @see Rasmussen, Williams (2006), Gaussian Processes for Machine Learning
 * @see Jones, Schonlau, Welch (1998), Efficient global optimization of expensive black-box functions, J. Glob. Optim. 13, 455
 */
class Bayesian implements Optimizer {
  readonly type = TYPE;
  readonly dimension: number;
  readonly isSlow = true;
  readonly #options: ResolvedBayesianOptions;
  readonly #start: Float64Array;
  readonly #steps: readonly number[];
  #random: RandomStream;
  /** Of the Sobol sequence. */
  #seed: number;
  #ledger = new CandidateLedger(TYPE);
  /** Of all candidates, in the order of their ids. */
  #points: Float64Array[] = [];
  #answers: (Required<Ranked> | undefined)[] = [];
  /** The first so many of them are answered. */
  #answered = 0;
  /** Logarithms of the hyperparameters, fitted to so many points. */
  #theta: Float64Array;
  #fitted = 0;

  constructor(options: BayesianOptions, { dimension, start, steps, random }: OptimizerContext) {
    this.dimension = dimension;
    this.#options = resolveBayesian(options, dimension);
    this.#start = start.slice();
    this.#steps = steps;
    this.#random = random;
    // 53 bits
    this.#seed = random.word() * 2 ** 21 + (random.word() >>> 11);
    this.#theta = priorParameters(dimension);
  }

  get batchSize(): number {
    return this.#options.parallel;
  }

  get stopReason(): StopReason | undefined {
    return this.#ledger.pendingCount === 0 ? this.#verdict(this.#ledger.next) : undefined;
  }

  ask(limit: number): readonly Candidate[] {
    const asked: Candidate[] = [];
    while (asked.length < limit) {
      const id = this.#ledger.next;
      if (this.#answered < this.#knownFor(id) || this.#verdict(id)) break;
      const x = id > this.#options.initialPoints ? this.#choose(id) : this.#initial(id);
      this.#points.push(x);
      this.#answers.push(undefined);
      asked.push(this.#ledger.issue(x));
    }
    return asked;
  }

  tell(answers: readonly Answer[]): void {
    this.#ledger.settle(answers);
    for (const { id, fx, violation = 0 } of answers)
      this.#answers[id - 1] = { fx, violation: violation > 0 ? violation : 0 };
    this.#count();
  }

  #count(): void {
    while (this.#answered < this.#answers.length && this.#answers[this.#answered]) this.#answered++;
  }

  /** How many of the first answers candidate `id` is chosen from. */
  #knownFor(id: number): number {
    const { initialPoints, parallel } = this.#options;
    return id > initialPoints ? id - parallel : 0;
  }

  /** The first `count` answers, all of which are there. */
  #known(count: number): readonly Required<Ranked>[] {
    return this.#answers.slice(0, count) as readonly Required<Ranked>[];
  }

  /** Why candidate `id` is not to be asked for, if it is not. */
  #verdict(id: number): StopReason | undefined {
    const { maxPoints, initialPoints } = this.#options;
    if (id > maxPoints)
      return { kind: 'max-points', detail: `the values of all ${maxPoints} points of maxPoints are known` };
    const count = Math.min(this.#answered, this.#knownFor(id));
    if (count < Math.min(MOST_FAILED, initialPoints + MOST_EQUAL)) return undefined;
    const known = this.#known(count);
    if (count >= MOST_FAILED && targetsOf(known) === undefined)
      return { kind: 'only-failures', detail: `none of the first ${count} evaluations has a value` };
    const { fx, violation } = known[0]!;
    const isFlat = known.every((one) => one.fx === fx && one.violation === violation);
    if (count < initialPoints + MOST_EQUAL || !isFlat) return undefined;
    return { kind: 'value-range', detail: `the values of the first ${count} points do not differ` };
  }

  /** The start, and then points of the Sobol sequence. */
  #initial(id: number): Float64Array {
    return id === 1
      ? this.#start.slice()
      : sobolPoint(id - 2, this.dimension, this.#seed, 'optimizer/bayesian');
  }

  #choose(id: number): Float64Array {
    const count = this.#knownFor(id);
    const values = targetsOf(this.#known(count));
    if (!values) return this.#initial(id);
    const points = this.#points.slice(0, count);
    this.#fit(points, values);
    const known = { points, values, pending: this.#points.slice(count), hyper: fromParameters(this.#theta) };
    let x = this.#onGrid(propose(known, this.#options.starts, this.#random));
    // Where all cells are known it repeats one.
    for (let draw = 0; draw < DRAWS && this.#isKnown(x); draw++)
      x = this.#onGrid(x.map(() => this.#random.uniform()));
    return x;
  }

  #isKnown(x: Float64Array): boolean {
    return this.#points.some((other) =>
      this.#onGrid(other).every((value, i) => Math.abs(value - x[i]!) < SAME),
    );
  }

  #fit(points: readonly Float64Array[], values: Float64Array): void {
    if (points.length < GROWTH * this.#fitted) return;
    this.#fitted = points.length;
    const starts = [this.#theta];
    if (points.length <= FEW) starts.push(priorParameters(this.dimension));
    this.#theta = fitParameters(points, values, starts, FIT_ITERATIONS);
  }

  /** With coordinates that stand for integers in the middle of their cells, so that points in the same cells are the same. */
  #onGrid(x: Float64Array): Float64Array {
    return x.map((value, i) => {
      const count = this.#steps[i]!;
      return count > 1 ? (Math.min(count - 1, Math.floor(value * count)) + 0.5) / count : value;
    });
  }

  snapshot(): OptimizerSnapshot {
    const writer = new SnapshotWriter();
    writer.put('dimension', this.dimension);
    writer.put('random', this.#random.state);
    writer.put('seed', this.#seed);
    writer.put('fitted', this.#fitted);
    writer.answers('answers', this.#answers);
    for (const x of this.#points) writer.numbers(x);
    writer.numbers(this.#theta);
    return writer.finish(TYPE, VERSION);
  }

  restore(snapshot: OptimizerSnapshot): void {
    const n = this.dimension;
    const { maxPoints } = this.#options;
    const reader = new SnapshotReader(snapshot, TYPE, VERSION);
    reader.integer('dimension', n, n);
    const random = new RandomStream(reader.words('random'));
    const seed = reader.integer('seed', 0, Number.MAX_SAFE_INTEGER);
    const fitted = reader.integer('fitted', 0, maxPoints);
    const answers = reader.answers('answers', maxPoints);
    const points = answers.map(() => reader.numbers('points', n, inUnitBox));
    const theta = reader.numbers('hyperparameters', n + 2, isParameter);
    reader.end();
    this.#random = random;
    this.#seed = seed;
    this.#fitted = fitted;
    this.#answers = [...answers];
    this.#points = points;
    this.#theta = theta;
    this.#answered = 0;
    this.#count();
    const pending = points.flatMap((x, at) => (answers[at] ? [] : [{ id: at + 1, x }]));
    this.#ledger = new CandidateLedger(TYPE);
    this.#ledger.restore(points.length + 1, pending);
  }
}
