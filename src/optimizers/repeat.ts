import { options } from '../core/options.ts';
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

const TYPE = 'repeat';
const VERSION = 1;

export interface RepeatOptions {
  readonly times: number;
}

export const repeat: OptimizerComponent<RepeatOptions> = {
  name: TYPE,
  summary: 'evaluates its starting point again and again: how noisy is the task there?',
  options: options({
    times: { description: 'how often the point is evaluated', type: 'integer', minimum: 1, default: 10 },
  }),
  create: (given, context) => new Repeat(given, context),
};

/** Asks for one point a number of times, whatever the answers are. */
class Repeat implements Optimizer {
  readonly type = TYPE;
  readonly dimension: number;
  readonly batchSize: number;
  readonly reevaluates = true;
  readonly #times: number;
  #start: Float64Array;
  #told = 0;
  #ledger = new CandidateLedger(TYPE);

  constructor({ times }: RepeatOptions, { dimension, start }: OptimizerContext) {
    this.dimension = dimension;
    this.batchSize = times;
    this.#times = times;
    this.#start = start.slice();
  }

  get stopReason(): StopReason | undefined {
    return this.#told >= this.#times
      ? { kind: 'times', detail: `its point was evaluated ${this.#told} times` }
      : undefined;
  }

  ask(limit: number): readonly Candidate[] {
    const count = Math.min(limit, this.#times - (this.#ledger.next - 1));
    return Array.from({ length: count }, () => this.#ledger.issue(this.#start.slice()));
  }

  tell(answers: readonly Answer[]): void {
    this.#ledger.settle(answers);
    this.#told += answers.length;
  }

  snapshot(): OptimizerSnapshot {
    const writer = new SnapshotWriter();
    writer.put('dimension', this.dimension);
    writer.put('told', this.#told);
    writer.put('next', this.#ledger.next);
    writer.put(
      'pending',
      this.#ledger.pending().map(({ id }) => id),
    );
    writer.numbers(this.#start);
    return writer.finish(TYPE, VERSION);
  }

  restore(snapshot: OptimizerSnapshot): void {
    const reader = new SnapshotReader(snapshot, TYPE, VERSION);
    reader.integer('dimension', this.dimension, this.dimension);
    const next = reader.integer('next', 1, this.#times + 1);
    const told = reader.integer('told', 0, next - 1);
    const pending = reader.ascending('pending', 1, next - 1);
    const start = reader.numbers('starting point', this.dimension, inUnitBox);
    reader.end();
    this.#told = told;
    this.#start = start;
    this.#ledger = new CandidateLedger(TYPE);
    this.#ledger.restore(
      next,
      pending.map((id) => ({ id, x: start.slice() })),
    );
  }
}
