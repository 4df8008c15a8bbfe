import { CodedError, describe } from '../core/errors.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Words } from '../core/random.ts';
import type { Ranked } from '../core/ranking.ts';
import type { OptimizerSnapshot, StopReason } from './contract.ts';

/** Puts a snapshot together in the order in which `SnapshotReader` takes it apart; copies everything at once. */
export class SnapshotWriter {
  readonly #header: Record<string, Json> = {};
  readonly #numbers: Float64Array[] = [];
  #length = 0;
  #prefix = '';

  put(key: string, value: Json): void {
    this.#header[this.#prefix + key] = value;
  }

  /** What `save` writes is a part of its own, whose entries may have names that others have too. */
  within(part: string, save: () => void): void {
    const outer = this.#prefix;
    this.#prefix = `${outer}${part}.`;
    save();
    this.#prefix = outer;
  }

  stop(reason: StopReason | undefined): void {
    this.put('stop', reason ? { kind: reason.kind, detail: reason.detail } : null);
  }

  numbers(values: ArrayLike<number>): void {
    const copy = Float64Array.from(values);
    this.#numbers.push(copy);
    this.#length += copy.length;
  }

  /** A letter each (`w`aiting, `n`aN, `v`alue) in the header, value and violation in the block. */
  answers(key: string, list: readonly (Ranked | undefined)[]): void {
    const letters = list.map(letterOf);
    this.put(key, letters.join(''));
    this.numbers(list.map((answer, i) => (letters[i] === 'v' ? answer!.fx : 0)));
    this.numbers(list.map((answer) => answer?.violation ?? 0));
  }

  finish(type: string, version: number): OptimizerSnapshot {
    const block = new Float64Array(this.#length);
    let at = 0;
    for (const part of this.#numbers) {
      block.set(part, at);
      at += part.length;
    }
    return { type, version, header: this.#header, block };
  }
}

/** What a number of a block may be. None is ever NaN. */
export type NumberRule = (value: number) => boolean;

/** Far beyond all that an optimizer can reach, and still far from an overflow. */
const HUGE = 1e100;
export const finite: NumberRule = (value) => Math.abs(value) <= HUGE;
export const positive: NumberRule = (value) => value >= 1 / HUGE && value <= HUGE;
export const inUnitBox: NumberRule = (value) => value >= 0 && value <= 1;
/** A value that was told; an infinite one is legal. */
export const told: NumberRule = (value) => !Number.isNaN(value);

/**
 * Takes a snapshot apart as untrusted input: every access checks what it finds, and `end` that nothing is left.
 *
 * All methods throw a `CodedError` with the code `snapshot-invalid`.
 */
export class SnapshotReader {
  readonly #type: string;
  readonly #header: JsonObject;
  readonly #block: Float64Array;
  readonly #unread: Set<string>;
  #at = 0;
  #prefix = '';

  constructor(snapshot: OptimizerSnapshot, type: string, version: number) {
    this.#type = type;
    const given: unknown = snapshot;
    if (!isObject(given)) throw this.invalid(`is ${describe(given)}`);
    if (given['type'] !== type) throw this.invalid(`is of type ${describe(given['type'])}`);
    if (given['version'] !== version)
      throw this.invalid(`is of version ${describe(given['version'])}, this is version ${version}`);
    const { header, block } = given;
    if (!isObject(header)) throw this.invalid(`has ${describe(header)} as its header`);
    if (!(block instanceof Float64Array)) throw this.invalid(`has ${describe(block)} as its block`);
    this.#header = header as JsonObject;
    this.#block = block;
    this.#unread = new Set(Object.keys(header));
  }

  invalid(what: string): CodedError {
    return new CodedError('snapshot-invalid', `the snapshot for ${this.#type} ${what}`);
  }

  /** An integer of the header, `low` <= it <= `high`. */
  integer(key: string, low: number, high: number): number {
    const value = this.#take(key);
    if (!Number.isSafeInteger(value) || (value as number) < low || (value as number) > high)
      throw this.invalid(`has ${describe(value)} as ${key}, expected an integer in [${low}, ${high}]`);
    return value as number;
  }

  /** A text of the header that `pattern` accepts. */
  text(key: string, pattern: RegExp): string {
    const value = this.#take(key);
    if (typeof value !== 'string' || !pattern.test(value))
      throw this.invalid(`has ${describe(value)} as ${key}`);
    return value;
  }

  /** A list of integers of the header, in ascending order without repetition, each in [`low`, `high`]. */
  ascending(key: string, low: number, high: number): readonly number[] {
    const value = this.#take(key);
    if (!Array.isArray(value)) throw this.invalid(`has ${describe(value)} as ${key}`);
    let least = low;
    for (const item of value as readonly Json[]) {
      if (!Number.isSafeInteger(item) || (item as number) < least || (item as number) > high)
        throw this.invalid(`has ${describe(item)} among its ${key}`);
      least = (item as number) + 1;
    }
    return value as readonly number[];
  }

  /** The state of a random stream. */
  words(key: string): Words {
    const value = this.#take(key);
    if (
      !Array.isArray(value) ||
      value.length !== 4 ||
      !value.every(isWord) ||
      value.every((word) => word === 0)
    )
      throw this.invalid(`has ${describe(value)} as ${key}, expected four words that are not all 0`);
    return [...value] as unknown as Words;
  }

  /** What `SnapshotWriter.answers` wrote, at most `most` answers. */
  answers(key: string, most: number): readonly (Required<Ranked> | undefined)[] {
    const letters = this.text(key, /^[wnv]*$/);
    if (letters.length > most) throw this.invalid(`has ${letters.length} ${key}, expected ${most} at most`);
    const values = this.numbers('values', letters.length, told);
    const violations = this.numbers('violations', letters.length, (value) => value >= 0);
    return Array.from(letters, (letter, i) =>
      letter === 'w' ? undefined : { fx: letter === 'n' ? NaN : values[i]!, violation: violations[i]! },
    );
  }

  stop(): StopReason | undefined {
    const value = this.#take('stop');
    if (value === null) return undefined;
    if (!isObject(value)) throw this.invalid(`has ${describe(value)} as stop`);
    const { kind, detail, ...more } = value;
    if (typeof kind !== 'string' || typeof detail !== 'string' || Object.keys(more).length > 0)
      throw this.invalid('has no valid reason as stop');
    return { kind, detail };
  }

  /** A copy of the next `count` numbers of the block. */
  numbers(what: string, count: number, rule: NumberRule): Float64Array {
    const end = this.#at + count;
    if (end > this.#block.length) throw this.invalid(`has a block that ends before its ${what}`);
    const values = this.#block.slice(this.#at, end);
    for (const value of values) if (!rule(value)) throw this.invalid(`has ${value} in its ${what}`);
    this.#at = end;
    return values;
  }

  number(what: string, rule: NumberRule): number {
    return this.numbers(what, 1, rule)[0]!;
  }

  /** To be called when everything was read. */
  end(): void {
    const [key] = this.#unread;
    if (key !== undefined) throw this.invalid(`has the unknown entry ${key}`);
    const left = this.#block.length - this.#at;
    if (left > 0) throw this.invalid(`has ${left} numbers too many in its block`);
  }

  /** What `SnapshotWriter.within` wrote under the same name. */
  within<Part>(part: string, load: () => Part): Part {
    const outer = this.#prefix;
    this.#prefix = `${outer}${part}.`;
    const loaded = load();
    this.#prefix = outer;
    return loaded;
  }

  #take(key: string): Json | undefined {
    const name = this.#prefix + key;
    this.#unread.delete(name);
    return Object.hasOwn(this.#header, name) ? this.#header[name] : undefined;
  }
}

function letterOf(answer: Ranked | undefined): string {
  if (answer === undefined) return 'w';
  return Number.isNaN(answer.fx) ? 'n' : 'v';
}

function isWord(value: Json): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= 0xffffffff;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
