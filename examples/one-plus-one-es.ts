/**
 * A plug-in: the (1+1) evolution strategy with the 1/5th success rule. From the best point so far it takes a random step; when that is
 * better it goes there and lengthens its steps, otherwise it shortens them. See own-optimizer.ts for how it is used.
 *
 * @see Hansen, Arnold, Auger (2015), Evolution Strategies, Springer Handbook of Computational Intelligence: the 1/5th success rule
 */
import {
  type Answer,
  type Candidate,
  CandidateLedger,
  compareRanked,
  inUnitBox,
  type Optimizer,
  type OptimizerComponent,
  type OptimizerContext,
  type OptimizerSnapshot,
  options,
  type Plugin,
  RandomStream,
  SnapshotReader,
  SnapshotWriter,
  type StopReason,
} from 'glompo/plugin';

const TYPE = 'one-plus-one-es';
/** To be raised with every change that changes the points: a snapshot of another version is refused. */
const VERSION = 1;

interface OnePlusOneOptions {
  readonly sigma0: number;
  readonly tolX: number;
}

const onePlusOneEs: OptimizerComponent<OnePlusOneOptions> = {
  name: TYPE,
  summary: 'the (1+1) evolution strategy: simple, local and one evaluation at a time',
  options: options({
    sigma0: {
      description: 'the first standard deviation of a step, a fraction of the box',
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.1,
    },
    tolX: {
      description: 'converged when the standard deviation is less than this',
      type: 'number',
      exclusiveMinimum: 0,
      default: 1e-8,
    },
  }),
  create: (given, context) => new OnePlusOneEs(given, context),
};

/** The best point so far. Lower `fx` is better, any `violation` is worse than none, and `NaN`, a failure, is worst. */
interface Parent {
  readonly x: Float64Array;
  readonly fx: number;
  readonly violation?: number;
}

/**
 * Points are in the unit box: glompo scales every parameter to [0, 1].
 *
 * An optimizer does nothing by itself: its host asks it for points when some may be evaluated, and tells it values when they are there. It
 * takes random numbers only from the stream that it was given, so that the same seed gives the same points.
 */
class OnePlusOneEs implements Optimizer {
  readonly type = TYPE;
  readonly dimension: number;
  readonly batchSize = 1;
  readonly #tolX: number;
  readonly #start: Float64Array;
  #random: RandomStream;
  /** Numbers the points that are out, and refuses values for others. */
  #ledger = new CandidateLedger(TYPE);
  #parent: Parent | undefined;
  #sigma: number;
  #stopReason: StopReason | undefined;

  constructor({ sigma0, tolX }: OnePlusOneOptions, { dimension, start, random }: OptimizerContext) {
    this.dimension = dimension;
    this.#start = start;
    this.#random = random;
    this.#sigma = sigma0;
    this.#tolX = tolX;
  }

  /** Once there is one the optimizer is asked no more, and another is started in its place. */
  get stopReason(): StopReason | undefined {
    return this.#stopReason;
  }

  /** At most `limit` points, but each depends on the value of the one before. None means: not before I am told more. */
  ask(limit: number): readonly Candidate[] {
    if (limit < 1 || this.#ledger.pendingCount > 0 || this.#stopReason) return [];
    const x = this.#parent ? this.#stepFrom(this.#parent.x) : this.#start.slice();
    return [this.#ledger.issue(x)];
  }

  tell(answers: readonly Answer[]): void {
    this.#ledger.settle(answers);
    for (const answer of answers) this.#learn(answer);
  }

  /** A point that another optimizer found, when the manager shares them. An algorithm that has no use for it leaves this out. */
  inject(x: Float64Array, fx: number): void {
    if (!this.#parent || compareRanked({ fx }, this.#parent) < 0) this.#parent = { x: x.slice(), fx };
  }

  #learn({ x, fx, violation = 0 }: Answer): void {
    if (!this.#parent) {
      this.#parent = { x, fx, violation };
      return;
    }
    const isBetter = compareRanked({ fx, violation }, this.#parent) < 0;
    if (isBetter) this.#parent = { x, fx, violation };
    // σ ← σ exp((success - 1/5) / d), d = √(n + 1): it stays as it is when one step of five is better.
    this.#sigma *= Math.exp((Number(isBetter) - 1 / 5) / Math.sqrt(this.dimension + 1));
    this.#sigma = Math.min(1, this.#sigma);
    if (this.#sigma < this.#tolX)
      this.#stopReason = {
        kind: 'tol-x',
        detail: `standard deviation ${this.#sigma.toPrecision(2)} < tolX ${this.#tolX}`,
      };
  }

  #stepFrom(parent: Float64Array): Float64Array {
    return parent.map((value) => reflect(value + this.#sigma * this.#random.normal()));
  }

  /** All that it knows, as plain data, the points that are out included. */
  snapshot(): OptimizerSnapshot {
    const pending = this.#ledger.pending();
    const writer = new SnapshotWriter();
    writer.put('dimension', this.dimension);
    writer.put('random', this.#random.state);
    writer.put('next', this.#ledger.next);
    writer.put(
      'pending',
      pending.map(({ id }) => id),
    );
    writer.stop(this.#stopReason);
    writer.numbers([this.#sigma]);
    writer.answers('parent', [this.#parent]);
    if (this.#parent) writer.numbers(this.#parent.x);
    for (const { x } of pending) writer.numbers(x);
    return writer.finish(TYPE, VERSION);
  }

  /** Reads it in the same order. The reader refuses what is damaged; nothing changes before all of it was read. */
  restore(snapshot: OptimizerSnapshot): void {
    const reader = new SnapshotReader(snapshot, TYPE, VERSION);
    reader.integer('dimension', this.dimension, this.dimension);
    const random = new RandomStream(reader.words('random'));
    const next = reader.integer('next', 1, Number.MAX_SAFE_INTEGER);
    const ids = reader.ascending('pending', 1, next - 1);
    const stopReason = reader.stop();
    const sigma = reader.number('standard deviation', (value) => value > 0 && value <= 1);
    const [ranked] = reader.answers('parent', 1);
    const parent = ranked && { ...ranked, x: reader.numbers('parent', this.dimension, inUnitBox) };
    const pending = ids.map((id) => ({ id, x: reader.numbers('points', this.dimension, inUnitBox) }));
    reader.end();
    this.#random = random;
    this.#ledger = new CandidateLedger(TYPE);
    this.#ledger.restore(next, pending);
    this.#stopReason = stopReason;
    this.#sigma = sigma;
    this.#parent = parent;
  }
}

/** Mirrors at the bounds of the unit interval: 1.2 is 0.8. */
function reflect(value: number): number {
  const folded = Math.abs(value) % 2;
  return folded > 1 ? 2 - folded : folded;
}

export default { optimizers: [onePlusOneEs] } satisfies Plugin;
