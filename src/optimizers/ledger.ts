import { CodedError } from '../core/errors.ts';
import type { Answer, Candidate } from './contract.ts';

/** Which candidates of one optimizer are out, and the next id. Every optimizer keeps one, or a `Batch` that can do the same, so all refuse the same mistakes. */
export class CandidateLedger {
  readonly #type: string;
  #pending = new Map<number, Float64Array>();
  #next = 1;

  constructor(type: string) {
    this.#type = type;
  }

  get pendingCount(): number {
    return this.#pending.size;
  }

  get next(): number {
    return this.#next;
  }

  /** Hands `x` out under the next id. */
  issue(x: Float64Array): Candidate {
    const candidate = { id: this.#next++, x };
    this.#pending.set(candidate.id, x);
    return candidate;
  }

  /**
   * Takes all answers back, or none.
   *
   * @throws {CodedError} `tell-mismatch`
   */
  settle(answers: readonly Answer[]): void {
    const seen = new Set<number>();
    for (const { id } of answers) {
      if (!this.#pending.has(id) || seen.has(id)) throw mismatch(this.#type, id, this.#next);
      seen.add(id);
    }
    for (const { id } of answers) this.#pending.delete(id);
  }

  /** The points that are out, by id: what a snapshot has to keep. */
  pending(): readonly Candidate[] {
    return [...this.#pending].map(([id, x]) => ({ id, x }));
  }

  restore(next: number, pending: readonly Candidate[]): void {
    this.#next = next;
    this.#pending = new Map(pending.map(({ id, x }) => [id, x]));
  }
}

/** @param next the id that is handed out next */
export function mismatch(type: string, id: number, next: number): CodedError {
  const why = id > 0 && id < next ? 'was already told' : 'was never asked for';
  return new CodedError('tell-mismatch', `${type} was told the value of candidate ${id}, which ${why}`);
}
