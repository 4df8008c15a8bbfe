import type {
  Answer,
  Candidate,
  Optimizer,
  OptimizerContext,
  OptimizerSnapshot,
  StopReason,
} from './contract.ts';
import { BestTold } from './cutoff.ts';
import { CandidateLedger } from './ledger.ts';
import { SnapshotReader, SnapshotWriter, told } from './snapshot.ts';

/** Points of the unit box, each a function of its number. */
export interface Sequence {
  /** How many there are; Infinity: without end. */
  readonly length: number;
  /** @param index 0 .. `length` - 1 */
  point(index: number): Float64Array;
}

/** What tells one kind of sampling from another. */
export interface Design {
  readonly type: string;
  readonly version: number;
  readonly batchSize: number;
  /** @param seed of all its random draws, a safe integer */
  sequence(this: void, seed: number): Sequence;
}

/**
 * Evaluates the points of a sequence one after the other, whatever the answers are; so it never waits for one. Neither the start nor
 * injected points have any part in it. Its whole state is a seed and which numbers are out.
 */
export class Sampling implements Optimizer {
  readonly type: string;
  readonly dimension: number;
  readonly batchSize: number;
  readonly #design: Design;
  #seed: number;
  #sequence: Sequence;
  #ledger: CandidateLedger;
  readonly #best = new BestTold();

  constructor(design: Design, { dimension, random }: OptimizerContext) {
    this.type = design.type;
    this.dimension = dimension;
    this.batchSize = design.batchSize;
    this.#design = design;
    // 53 bits
    this.#seed = random.word() * 2 ** 21 + (random.word() >>> 11);
    this.#sequence = design.sequence(this.#seed);
    this.#ledger = new CandidateLedger(this.type);
  }

  get stopReason(): StopReason | undefined {
    const { length } = this.#sequence;
    return this.#ledger.next > length && this.#ledger.pendingCount === 0
      ? { kind: 'exhausted', detail: `all its ${length} points were evaluated` }
      : undefined;
  }

  ask(limit: number): readonly Candidate[] {
    const count = Math.min(limit, this.#sequence.length - (this.#ledger.next - 1));
    return Array.from({ length: count }, () =>
      this.#ledger.issue(this.#sequence.point(this.#ledger.next - 1)),
    );
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
    writer.put('dimension', this.dimension);
    writer.put('seed', this.#seed);
    writer.put('next', this.#ledger.next);
    writer.put(
      'pending',
      this.#ledger.pending().map(({ id }) => id),
    );
    writer.numbers([this.#best.value]);
    return writer.finish(this.type, this.#design.version);
  }

  restore(snapshot: OptimizerSnapshot): void {
    const reader = new SnapshotReader(snapshot, this.type, this.#design.version);
    reader.integer('dimension', this.dimension, this.dimension);
    const seed = reader.integer('seed', 0, Number.MAX_SAFE_INTEGER);
    const sequence = this.#design.sequence(seed);
    const next = reader.integer('next', 1, Math.min(sequence.length + 1, Number.MAX_SAFE_INTEGER));
    const pending = reader.ascending('pending', 1, next - 1).map((id) => ({ id, x: sequence.point(id - 1) }));
    const best = reader.number('best value', told);
    reader.end();
    this.#best.value = best;
    this.#seed = seed;
    this.#sequence = sequence;
    this.#ledger = new CandidateLedger(this.type);
    this.#ledger.restore(next, pending);
  }
}
