import { options } from '../core/options.ts';
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
import { BestTold } from './cutoff.ts';
import { CandidateLedger } from './ledger.ts';
import { inUnitBox, SnapshotReader, SnapshotWriter, told } from './snapshot.ts';

const TYPE = 'random';
const VERSION = 2;

/** What may be written under `random`: nothing. */
export type RandomOptions = Readonly<Record<string, never>>;

export const random: OptimizerComponent<RandomOptions> = {
  name: TYPE,
  summary: 'uniform random sampling, which never stops: a baseline, and a probe of the whole box',
  options: options({}),
  create: (_options, context) => new RandomSearch(context),
};

/** Uniform in the box, whatever the answers are; so it never waits for one. The start is not evaluated. */
class RandomSearch implements Optimizer {
  readonly type = TYPE;
  readonly dimension: number;
  readonly batchSize = 1;
  readonly stopReason: StopReason | undefined = undefined;
  #random: RandomStream;
  #ledger = new CandidateLedger(TYPE);
  readonly #best = new BestTold();

  constructor({ dimension, random: stream }: OptimizerContext) {
    this.dimension = dimension;
    this.#random = stream;
  }

  ask(limit: number): readonly Candidate[] {
    return Array.from({ length: limit }, () => {
      const x = new Float64Array(this.dimension);
      for (let i = 0; i < x.length; i++) x[i] = this.#random.uniform();
      return this.#ledger.issue(x);
    });
  }

  tell(answers: readonly Answer[]): void {
    this.#ledger.settle(answers);
    this.#best.note(answers);
  }

  cutoff(): number {
    return this.#best.value;
  }

  snapshot(): OptimizerSnapshot {
    const writer = new SnapshotWriter();
    const pending = this.#ledger.pending();
    writer.put('dimension', this.dimension);
    writer.put('random', this.#random.state);
    writer.put('next', this.#ledger.next);
    writer.put(
      'pending',
      pending.map(({ id }) => id),
    );
    for (const { x } of pending) writer.numbers(x);
    writer.numbers([this.#best.value]);
    return writer.finish(TYPE, VERSION);
  }

  restore(snapshot: OptimizerSnapshot): void {
    const reader = new SnapshotReader(snapshot, TYPE, VERSION);
    reader.integer('dimension', this.dimension, this.dimension);
    const stream = new RandomStream(reader.words('random'));
    const next = reader.integer('next', 1, Number.MAX_SAFE_INTEGER);
    const pending = reader
      .ascending('pending', 1, next - 1)
      .map((id) => ({ id, x: reader.numbers('pending candidates', this.dimension, inUnitBox) }));
    const best = reader.number('best value', told);
    reader.end();
    this.#best.value = best;
    this.#random = stream;
    this.#ledger = new CandidateLedger(TYPE);
    this.#ledger.restore(next, pending);
  }
}
