import type { Ranked } from '../core/ranking.ts';
import { compareRanked } from '../core/ranking.ts';
import type { Answer, Candidate } from './contract.ts';
import { type CandidateLedger, mismatch } from './ledger.ts';
import type { SnapshotReader, SnapshotWriter } from './snapshot.ts';

/** The answer in one place of a batch. */
interface Place {
  fx: number;
  violation: number;
  isTold: boolean;
}

/**
 * The answers to candidates that an optimizer uses together. They have successive ids, so an id gives a place, and it makes no
 * difference when, in which order and in which grouping the answers come.
 */
export class Batch {
  readonly #places: Place[] = [];
  #firstId = 1;
  #size = 0;
  #asked = 0;
  #told = 0;

  /** Begins anew: `size` candidates, the first of them `firstId`. */
  start(firstId: number, size: number): void {
    while (this.#places.length < size) this.#places.push({ fx: NaN, violation: 0, isTold: false });
    for (let i = 0; i < size; i++) this.#places[i]!.isTold = false;
    this.#firstId = firstId;
    this.#size = size;
    this.#asked = 0;
    this.#told = 0;
  }

  get size(): number {
    return this.#size;
  }

  get firstId(): number {
    return this.#firstId;
  }

  /** How many of the places were handed out: 0 .. `asked` - 1. */
  get asked(): number {
    return this.#asked;
  }

  get isComplete(): boolean {
    return this.#told === this.#size;
  }

  /** Hands the next place out. */
  next(): number {
    return this.#asked++;
  }

  /** The id of the candidate that is handed out next. */
  get nextId(): number {
    return this.#firstId + this.#asked;
  }

  /**
   * Keeps all answers, or none: for an optimizer whose earlier batches are all complete, and which so needs no ledger.
   *
   * @param type of the optimizer, for its mistakes
   * @throws {CodedError} `tell-mismatch`
   */
  settle(type: string, answers: readonly Answer[]): void {
    for (let i = 0; i < answers.length; i++) {
      const answer = answers[i]!;
      const place = answer.id - this.#firstId;
      if (place >= 0 && place < this.#asked && this.#places[place]?.isTold === false) {
        this.#keep(place, answer);
        continue;
      }
      for (const { id } of answers.slice(0, i)) this.#places[id - this.#firstId]!.isTold = false;
      this.#told -= i;
      throw mismatch(type, answer.id, this.nextId);
    }
  }

  /** Keeps an answer; the caller made sure that it was asked for. */
  record(answer: Answer): void {
    this.#keep(answer.id - this.#firstId, answer);
  }

  #keep(at: number, { fx, violation = 0 }: Ranked): void {
    const place = this.#places[at]!;
    place.fx = fx;
    place.violation = violation > 0 ? violation : 0;
    place.isTold = true;
    this.#told++;
  }

  answer(place: number): Required<Ranked> {
    return this.#places[place]!;
  }

  /** The better place first; two that tie are equal, so a stable sort leaves the one first that was asked for first. */
  compare(a: number, b: number): number {
    return compareRanked(this.#places[a]!, this.#places[b]!);
  }

  /** Tells a new ledger what is out. */
  reissue(ledger: CandidateLedger, pointOf: (place: number) => Float64Array): void {
    const pending: Candidate[] = [];
    for (let place = 0; place < this.#asked; place++)
      if (!this.#places[place]!.isTold) pending.push({ id: this.#firstId + place, x: pointOf(place) });
    ledger.restore(this.#firstId + this.#asked, pending);
  }

  save(writer: SnapshotWriter): void {
    writer.put('firstId', this.#firstId);
    const asked = this.#places.slice(0, this.#asked);
    writer.answers(
      'answers',
      asked.map((place) => (place.isTold ? place : undefined)),
    );
  }

  /** A batch as it was saved, begun with the same size. */
  static load(reader: SnapshotReader, size: number): Batch {
    const batch = new Batch();
    batch.start(reader.integer('firstId', 1, Number.MAX_SAFE_INTEGER - size), size);
    for (const answer of reader.answers('answers', size)) {
      const place = batch.next();
      if (answer) batch.#keep(place, answer);
    }
    return batch;
  }
}
