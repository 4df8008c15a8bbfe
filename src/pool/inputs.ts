import { isTypedArray } from 'node:util/types';
import { CodedError, describe } from '../core/errors.ts';
import type { MapOptions } from './options.ts';

/** What inputs come from. */
export type Inputs<T> = Iterable<T> | AsyncIterable<T>;

/** The arguments of calls, one after the other. */
export interface Tuples {
  /** Without waiting where that can be: a step that waits costs more than a quick call. */
  next(): IteratorResult<readonly unknown[]> | Promise<IteratorResult<readonly unknown[]>>;
  /** Lets go of what they come from. */
  close(): void;
  /** How many there are, where that is known. */
  readonly total: number | undefined;
}

/**
 * Tells sequences from the options after them. Sequences can be iterated; options are a plain object that cannot.
 *
 * @throws {CodedError} `usage`
 */
export function splitOptions(rest: readonly unknown[]): {
  readonly sequences: readonly Inputs<unknown>[];
  readonly options: MapOptions;
} {
  const last = rest.at(-1);
  const hasOptions = isPlain(last) && !isSequence(last);
  const sequences = hasOptions ? rest.slice(0, -1) : rest;
  for (const [i, one] of sequences.entries()) checkSequence(one, `sequence ${i + 1}: `);
  if (sequences.length === 0) throw new CodedError('usage', 'expected at least one sequence of inputs');
  return {
    sequences: sequences as readonly Inputs<unknown>[],
    options: hasOptions ? (last as MapOptions) : {},
  };
}

/** Sequences side by side, as long as the shortest. */
export function zip(sequences: readonly Inputs<unknown>[]): Tuples {
  const iterators = sequences.map(iteratorOf);
  let isOver = false;
  /** Ends the others, when one has ended by itself, or failed. */
  const end = (apart?: number): IteratorResult<readonly unknown[]> => {
    if (!isOver) for (const [i, iterator] of iterators.entries()) if (i !== apart) finish(iterator);
    isOver = true;
    return { done: true, value: undefined };
  };
  const step = (
    from: number,
    values: unknown[],
  ): IteratorResult<readonly unknown[]> | Promise<IteratorResult<readonly unknown[]>> => {
    for (let i = from; i < iterators.length; i++) {
      const result = iterators[i]!.next();
      if (result instanceof Promise)
        return result.then(({ done, value }) => {
          if (done === true) return end(i);
          values.push(value);
          return step(i + 1, values);
        });
      const { done, value } = result;
      if (done === true) return end(i);
      values.push(value);
    }
    return { done: false, value: values };
  };
  return {
    next: () => (isOver ? end() : step(0, [])),
    close: () => {
      end();
    },
    total: sequences.reduce<number | undefined>((least, one) => {
      const length = lengthOf(one);
      return least === undefined || length === undefined ? undefined : Math.min(least, length);
    }, Infinity),
  };
}

/**
 * A sequence of tuples.
 *
 * @throws {CodedError} `usage`
 */
export function unzipped(tuples: Inputs<readonly unknown[]>): Tuples {
  checkSequence(tuples, '');
  const iterator = iteratorOf(tuples) as Iterator<readonly unknown[]> | AsyncIterator<readonly unknown[]>;
  let isOver = false;
  return {
    next: () => iterator.next(),
    close: () => {
      if (!isOver) finish(iterator);
      isOver = true;
    },
    total: lengthOf(tuples),
  };
}

/**
 * Refuses what a program written in JavaScript may give as one of the tuples. A text or a set could be taken apart, which is hardly ever meant.
 *
 * @throws {CodedError} `usage`
 */
export function checkArguments(values: unknown, call: number): void {
  if (!Array.isArray(values) && !isTypedArray(values))
    throw new CodedError(
      'usage',
      `starmap: expected a list of arguments for each call, got ${describe(values)} for call ${call}`,
    );
}

/** Of sequences that know it. */
function lengthOf(sequence: Inputs<unknown>): number | undefined {
  if (Array.isArray(sequence)) return sequence.length;
  if (sequence instanceof Set || sequence instanceof Map) return sequence.size;
  return isTypedArray(sequence) ? sequence.length : undefined;
}

type AnyIterator = Iterator<unknown> | AsyncIterator<unknown>;

function iteratorOf(sequence: Inputs<unknown>): AnyIterator {
  if (typeof sequence !== 'object' || !(Symbol.asyncIterator in sequence)) return sequence[Symbol.iterator]();
  const iterator = sequence[Symbol.asyncIterator]();
  return {
    // A promise, whatever kind of thenable it gives.
    next: async () => await iterator.next(),
    return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
  };
}

/** Tells that no more is wanted. Who produces may be at something that never ends, so nobody waits for it. */
function finish(iterator: AnyIterator): void {
  void (async () => {
    try {
      await iterator.return?.();
    } catch {
      // There is nobody left to tell.
    }
  })();
}

function checkSequence(value: unknown, where: string): void {
  if (!isSequence(value))
    throw new CodedError('usage', `${where}expected something to iterate over, got ${describe(value)}`);
}

function isSequence(value: unknown): boolean {
  if (typeof value === 'string') return true;
  return (
    typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value)
  );
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
