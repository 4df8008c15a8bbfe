import { Batch } from './batch.ts';
import type { Answer, Candidate } from './contract.ts';
import type { Evaluated } from './evaluated.ts';
import { CandidateLedger } from './ledger.ts';
import type { SnapshotReader, SnapshotWriter } from './snapshot.ts';

/**
 * Points of the unit box that an optimizer uses together, and their answers. All are there before the first is asked for, so no draw
 * depends on when and in which groups they are asked for and answered.
 */
export class Trials {
  readonly #ledger: CandidateLedger;
  #points: readonly Float64Array[] = [];
  #batch = new Batch();

  /** @param type of the optimizer, for its mistakes */
  constructor(type: string) {
    this.#ledger = new CandidateLedger(type);
  }

  get size(): number {
    return this.#points.length;
  }

  get isComplete(): boolean {
    return this.#batch.isComplete;
  }

  /** Where a candidate that was asked for stands among the points. */
  placeOf({ id }: Candidate): number {
    return id - this.#batch.firstId;
  }

  /** @param points in [0, 1]; not to be changed any more */
  begin(points: readonly Float64Array[]): void {
    this.#points = points;
    this.#batch.start(this.#ledger.next, points.length);
  }

  ask(limit: number): readonly Candidate[] {
    const count = Math.min(limit, this.#batch.size - this.#batch.asked);
    return Array.from({ length: count }, () => this.#ledger.issue(this.#points[this.#batch.next()]!));
  }

  /**
   * @returns whether these were the last answers
   * @throws {CodedError} `tell-mismatch`
   */
  tell(answers: readonly Answer[]): boolean {
    this.#ledger.settle(answers);
    for (const answer of answers) this.#batch.record(answer);
    return answers.length > 0 && this.#batch.isComplete;
  }

  /** All of them, in the order of asking; to be called when they are complete. */
  evaluated(): readonly Evaluated[] {
    return this.#points.map((x, place) => {
      const { fx, violation } = this.#batch.answer(place);
      return { fx, violation, x };
    });
  }

  /** The answers alone: the points are the algorithm's. */
  save(writer: SnapshotWriter): void {
    this.#batch.save(writer);
  }

  /** What was saved of these points. */
  static load(type: string, reader: SnapshotReader, points: readonly Float64Array[]): Trials {
    const trials = new Trials(type);
    trials.#points = points;
    trials.#batch = Batch.load(reader, points.length);
    trials.#batch.reissue(trials.#ledger, (place) => points[place]!);
    return trials;
  }
}
