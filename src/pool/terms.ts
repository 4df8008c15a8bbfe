import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../core/json.ts';
import type { FunctionSpec } from './contract.ts';
import { decode, encode } from './parcels.ts';

/** Raised when the messages between pools and their workers change. */
const POOL_PROTOCOL = 1;
/** Workers that take the place of others are numbered from here on: below are those that come first. */
const REPLACEMENTS = 1_000_000;

/** What the workers of one process need to know of their pool. */
export interface PoolTerms {
  readonly initializer: FunctionSpec | undefined;
  readonly maxTasksPerWorker: number | undefined;
  /** The pool's. */
  readonly seed: number;
  /** Which of those that came it is, from 0. */
  readonly place: number;
  /** The number of its first worker. */
  readonly firstWorker: number;
}

/** What a process says of itself that wants to work for a pool. */
export function newCandidate(slots: number): JsonObject {
  return { ...requirements(), slots, candidate: randomUUID() };
}

/** Lets workers in, and numbers them. */
export class Admission {
  readonly #terms: Pick<PoolTerms, 'initializer' | 'maxTasksPerWorker' | 'seed'>;
  /** By what they call themselves: one that did not hear the answer asks again. */
  readonly #places = new Map<unknown, Pick<PoolTerms, 'place' | 'firstWorker'>>();
  #workers = 0;

  constructor(terms: Pick<PoolTerms, 'initializer' | 'maxTasksPerWorker' | 'seed'>) {
    this.#terms = terms;
  }

  /** How many processes have come, whether or not they are still there. */
  get count(): number {
    return this.#places.size;
  }

  /** @returns what one is told that may work for this pool, or in what it differs */
  admit(facts: JsonObject): { readonly welcome: JsonObject } | { readonly differences: readonly string[] } {
    const differences = Object.entries(requirements())
      .filter(([name, expected]) => facts[name] !== expected)
      .map(
        ([name, expected]) =>
          `${name}: ${JSON.stringify(facts[name])} there, ${JSON.stringify(expected)} here`,
      );
    if (differences.length > 0) return { differences };
    const { slots, candidate } = facts;
    let place = this.#places.get(candidate);
    if (!place) {
      place = { place: this.#places.size, firstWorker: this.#workers };
      this.#workers += Number(slots);
      this.#places.set(candidate, place);
    }
    const terms: PoolTerms = { ...this.#terms, ...place };
    return { welcome: { terms: Buffer.from(encode(terms)).toString('base64') } };
  }
}

export function readTerms(welcome: JsonObject): PoolTerms {
  return decode(Buffer.from(welcome['terms'] as string, 'base64')) as PoolTerms;
}

/**
 * The number of a worker, which no other one of its pool has.
 *
 * @param slots how many there are side by side in its process
 * @param started how many were started before it there
 */
export function workerNumber({ place, firstWorker }: PoolTerms, slots: number, started: number): number {
  return started < slots ? firstWorker + started : (place + 1) * REPLACEMENTS + started - slots;
}

/** In what both ends have to be the same: values of one Node.js are not always read by another. */
function requirements(): JsonObject {
  return { 'pool protocol': POOL_PROTOCOL, 'Node.js': process.versions.node.split('.')[0]! };
}
