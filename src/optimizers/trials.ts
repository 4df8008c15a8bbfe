import type { RandomStream } from '../core/random.ts';
import type { Ranked } from '../core/ranking.ts';
import { Batch } from './batch.ts';
import type { Answer, Candidate } from './contract.ts';
import { CandidateLedger } from './ledger.ts';
import { inUnitBox, type SnapshotReader, type SnapshotWriter } from './snapshot.ts';

/** An evaluated point. */
export interface Evaluated extends Required<Ranked> {
  readonly x: Float64Array;
}

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

  pointAt(place: number): Float64Array {
    return this.#points[place]!;
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

  save(writer: SnapshotWriter): void {
    savePoints(writer, 'trials', this.#points);
    this.saveAnswers(writer);
  }

  /** For an optimizer whose points follow from the rest of its state. */
  saveAnswers(writer: SnapshotWriter): void {
    this.#batch.save(writer);
  }

  /** What was saved: `least` to `most` points. */
  static load(
    type: string,
    reader: SnapshotReader,
    dimension: number,
    least: number,
    most: number = least,
  ): Trials {
    return Trials.loadAnswers(type, reader, loadPoints(reader, 'trials', dimension, least, most));
  }

  /** What `saveAnswers` wrote of these points. */
  static loadAnswers(type: string, reader: SnapshotReader, points: readonly Float64Array[]): Trials {
    const trials = new Trials(type);
    trials.#points = points;
    trials.#batch = Batch.load(reader, points.length);
    trials.#batch.reissue(trials.#ledger, (place) => points[place]!);
    return trials;
  }
}

export function savePoints(writer: SnapshotWriter, key: string, points: readonly Float64Array[]): void {
  writer.put(key, points.length);
  for (const x of points) writer.numbers(x);
}

/** What was saved: `least` to `most` points of the unit box. */
export function loadPoints(
  reader: SnapshotReader,
  key: string,
  dimension: number,
  least: number,
  most: number = least,
): Float64Array[] {
  const size = reader.integer(key, least, most);
  return Array.from({ length: size }, () => reader.numbers(key, dimension, inUnitBox));
}

/** To a header the answers under `key`, to the block the points. */
export function saveEvaluated(writer: SnapshotWriter, key: string, list: readonly Evaluated[]): void {
  writer.answers(key, list);
  for (const { x } of list) writer.numbers(x);
}

export function loadEvaluated(
  reader: SnapshotReader,
  key: string,
  most: number,
  dimension: number,
): Evaluated[] {
  return reader.answers(key, most).map((answer) => {
    if (!answer) throw reader.invalid(`has no value for one of its ${key}`);
    return { fx: answer.fx, violation: answer.violation, x: reader.numbers(key, dimension, inUnitBox) };
  });
}

/** Uniform in the box. */
export function anywhere(count: number, dimension: number, random: RandomStream): Float64Array[] {
  return Array.from({ length: count }, () =>
    Float64Array.from({ length: dimension }, () => random.uniform()),
  );
}

/** A point that somebody else found, with what is known of it; `undefined` when it is of no use. */
export function evaluatedFrom(x: Float64Array, fx: number): Evaluated | undefined {
  if (Number.isNaN(fx) || x.some((value) => Number.isNaN(value))) return undefined;
  return { fx, violation: 0, x: x.map((value) => Math.min(1, Math.max(0, value))) };
}
