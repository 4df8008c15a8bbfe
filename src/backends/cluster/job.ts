import { WorkerLostError } from '../pool/contract.ts';
import type { JobOptions } from './contract.ts';

/** One job on its way from `JobDesk.run` to its answer. */
export class Job {
  /** From 1, in the order in which they came. */
  readonly id: number;
  readonly payload: Uint8Array;
  /** Its desk. */
  readonly owner: object;
  readonly #onBegun: ((worker: string) => void) | undefined;
  /** How many pieces of work it has. */
  readonly units: number;
  /** Among those that wait, higher ones go first. */
  readonly priority: number;
  readonly answer: PromiseWithResolvers<Uint8Array> = Promise.withResolvers<Uint8Array>();
  isSettled = false;
  /** A worker gave its answer, and acknowledges the job. */
  isAnswered = false;
  /** How often it was put into the engine. */
  sendings = 0;
  /** Its number in the stream, when it is known to be in there. */
  seq: number | undefined;
  /** Who says to be at it: more than one when a worker was not heard of for a while. */
  readonly at: Set<string> = new Set<string>();
  /** Who was at it when not heard of any more. */
  readonly diedUnder: Set<string> = new Set<string>();
  hasBegun = false;
  /** The engine gives it to nobody any more, or may not. */
  isGivenUp = false;
  /** How often the engine gave up on it while nobody was known to be at it. */
  rounds = 0;
  /** How often each worker could not do it. */
  readonly faults: Map<string, number> = new Map<string, number>();

  constructor(
    id: number,
    owner: object,
    payload: Uint8Array,
    { onBegun, units = 1, priority = 0 }: JobOptions,
  ) {
    this.id = id;
    this.owner = owner;
    this.payload = payload;
    this.#onBegun = onBegun;
    this.units = units;
    this.priority = priority;
  }

  /** @returns whether that is news */
  begin(worker: string): boolean {
    this.diedUnder.delete(worker);
    if (this.at.has(worker)) return false;
    this.at.add(worker);
    this.hasBegun = true;
    this.#onBegun?.(worker);
    return true;
  }

  resolve(answer: Uint8Array): void {
    this.isSettled = true;
    this.isAnswered = true;
    this.answer.resolve(answer);
  }

  reject(lost: WorkerLostError): void {
    this.isSettled = true;
    this.answer.reject(lost);
  }
}

/** Nobody waits for it any more: it is to blame for nothing if no worker took it up. */
export function withdrawn(hasBegun: boolean): WorkerLostError {
  return hasBegun
    ? new WorkerLostError('it was withdrawn', false)
    : new WorkerLostError('it was withdrawn before a worker took it up', true, true);
}
