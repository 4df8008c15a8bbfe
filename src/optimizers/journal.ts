import { CodedError } from '../core/errors.ts';
import type { Answer, Candidate, Optimizer } from './contract.ts';

/**
 * What a host did to its optimizer, in order. Together with the logged evaluations it is all that is needed to bring an optimizer
 * to where it was: candidates have running ids, so an `ask` need not name them, and a `tell` names ids whose values are in the log. A
 * `refuse` names ids that were told without an evaluation, as they break a constraint: what they were told follows from their points.
 */
export type Operation =
  | { readonly kind: 'ask'; readonly limit: number; readonly count: number }
  | { readonly kind: 'tell'; readonly candidateIds: readonly number[] }
  | { readonly kind: 'inject'; readonly callId: number }
  | { readonly kind: 'refuse'; readonly candidateIds: readonly number[] };

const ASK = 1;
const TELL = 2;
const INJECT = 3;
const REFUSE = 4;

/**
 * What an optimizer is told of a point that breaks a constraint and so was not evaluated: worse than all feasible points, by how far
 * it is from being so. Its value is 0, not `NaN`, which would rank all of them alike.
 */
export function refusalOf(candidate: Candidate, violation: number): Answer {
  return { ...candidate, fx: 0, violation };
}

/** Gathers operations as bytes: a tag, then unsigned LEB128 integers. */
export class JournalWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  ask(limit: number, count: number): void {
    this.#put(ASK);
    this.#put(limit);
    this.#put(count);
  }

  tell(answers: readonly Candidate[]): void {
    this.#putIds(TELL, answers);
  }

  refuse(answers: readonly Candidate[]): void {
    this.#putIds(REFUSE, answers);
  }

  inject(callId: number): void {
    this.#put(INJECT);
    this.#put(callId);
  }

  /** The operations since the last call. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #putIds(tag: number, candidates: readonly Candidate[]): void {
    this.#put(tag);
    this.#put(candidates.length);
    for (const { id } of candidates) this.#put(id);
  }

  /** Divides rather than shifts: ids may exceed 32 bits. */
  #put(value: number): void {
    if (this.#length + 8 > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#bytes.length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }
}

/** @throws {CodedError} `log-unusable` when `bytes` is not a whole journal */
export function readJournal(bytes: Uint8Array): readonly Operation[] {
  let at = 0;
  const take = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined || scale > 2 ** 49)
        throw new CodedError('log-unusable', `the journal of a batch is damaged at byte ${at - 1}`);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  };
  const operations: Operation[] = [];
  while (at < bytes.length) {
    const tag = take();
    if (tag === ASK) operations.push({ kind: 'ask', limit: take(), count: take() });
    else if (tag === TELL || tag === REFUSE) {
      const count = take();
      if (count > bytes.length - at)
        throw new CodedError('log-unusable', `the journal of a batch is damaged at byte ${at - 1}`);
      const kind = tag === TELL ? 'tell' : 'refuse';
      operations.push({ kind, candidateIds: Array.from({ length: count }, take) });
    } else if (tag === INJECT) operations.push({ kind: 'inject', callId: take() });
    else
      throw new CodedError(
        'log-unusable',
        `the journal of a batch has the unknown operation ${tag} at byte ${at - 1}`,
      );
  }
  return operations;
}

/**
 * A journal as far as some of its candidates were told: up to the first `tell` of another one, of which only those remain.
 *
 * @throws {CodedError} `log-unusable` when `bytes` is not a whole journal
 */
export function cutJournal(bytes: Uint8Array, kept: ReadonlySet<number>): Uint8Array {
  const writer = new JournalWriter();
  for (const operation of readJournal(bytes)) {
    switch (operation.kind) {
      case 'ask':
        writer.ask(operation.limit, operation.count);
        break;
      case 'inject':
        writer.inject(operation.callId);
        break;
      case 'refuse':
        writer.refuse(namesOf(operation.candidateIds));
        break;
      case 'tell': {
        const told = operation.candidateIds.filter((id) => kept.has(id));
        if (told.length > 0) writer.tell(namesOf(told));
        if (told.length < operation.candidateIds.length) return writer.take();
      }
    }
  }
  return writer.take();
}

/** Ids alone matter here. */
function namesOf(ids: readonly number[]): readonly Candidate[] {
  return ids.map((id) => ({ id, x: new Float64Array() }));
}

/** Where a replay finds what the journal only names. */
export interface ReplaySource {
  /** The value that the optimizer was told for a candidate; `undefined` when the log has none. */
  told(candidate: Candidate): Answer | undefined;
  /** How far a candidate that was refused is from being feasible: `Space.violation` of its point. */
  violation(candidate: Candidate): number;
  /** A point of the unit box and its value. */
  injected(callId: number): { readonly x: Float64Array; readonly fx: number } | undefined;
}

/** Does the operations of a journal again, one after the other. */
export class Replay {
  readonly #optimizer: Optimizer;
  readonly #source: ReplaySource;
  readonly #out: Map<number, Candidate>;

  /** @param pending what the optimizer had asked for before, and was not told */
  constructor(optimizer: Optimizer, source: ReplaySource, pending: readonly Candidate[] = []) {
    this.#optimizer = optimizer;
    this.#source = source;
    this.#out = new Map(pending.map((candidate) => [candidate.id, candidate]));
  }

  /** The candidates that were asked for and not told, oldest first. */
  get left(): readonly Candidate[] {
    return [...this.#out.values()];
  }

  /** @throws {ReplayError} when the optimizer asks for another number of points than it did, or the log lacks a value */
  step(operation: Operation): void {
    switch (operation.kind) {
      case 'ask': {
        const asked = this.#optimizer.ask(operation.limit);
        if (asked.length !== operation.count)
          throw differs(
            `asked for ${operation.count} points of at most ${operation.limit}, and now for ${asked.length}`,
          );
        for (const candidate of asked) this.#out.set(candidate.id, candidate);
        break;
      }
      case 'tell':
        this.#optimizer.tell(operation.candidateIds.map((id) => this.#answer(id)));
        break;
      case 'refuse':
        this.#optimizer.tell(operation.candidateIds.map((id) => this.#refusal(id)));
        break;
      case 'inject': {
        const point = this.#source.injected(operation.callId);
        if (!point) throw differs(`call ${operation.callId} was injected, but is not in the log`);
        this.#optimizer.inject?.(point.x, point.fx);
        break;
      }
    }
  }

  #answer(id: number): Answer {
    const candidate = this.#out.get(id);
    const told = candidate && this.#source.told(candidate);
    if (!told)
      throw differs(
        `candidate ${id} was told, but ${candidate ? 'its value is not in the log' : 'never asked for'}`,
      );
    this.#out.delete(id);
    return told;
  }

  #refusal(id: number): Answer {
    const candidate = this.#out.get(id);
    const violation = candidate && this.#source.violation(candidate);
    if (!violation)
      throw differs(
        `candidate ${id} was refused, but ${candidate ? 'breaks no constraint' : 'never asked for'}`,
      );
    this.#out.delete(id);
    return refusalOf(candidate, violation);
  }
}

/** An optimizer does not do again what its journal says. */
export class ReplayError extends Error {}

function differs(what: string): ReplayError {
  return new ReplayError(what);
}
