import { describe, messageOf } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';

/** Of the lines between a host and the program of an optimizer, see `docs/optimizer-protocol.md`. */
export const PROGRAM_PROTOCOL = 1;

/** What a program is told when it starts. */
export interface StartMessage {
  readonly type: 'start';
  readonly protocol: number;
  /** The optimizer's id in the run. */
  readonly optimizer: number;
  readonly dimension: number;
  /** A point of the unit box. */
  readonly start: readonly number[];
  /** Below 2^32. */
  readonly seed: number;
  /** How many evaluations may run at once. */
  readonly workers: number;
  /** For each coordinate the number of its values; 0: any. */
  readonly steps: readonly number[];
  /** Whether what it asks for may depend on nothing but values. */
  readonly reproducible: boolean;
  /** The id of its next point. */
  readonly next: number;
  readonly options: JsonObject;
  /** What it answered to `snapshot`, to go on from there. */
  readonly state?: Json;
}

interface TellAnswer {
  readonly id: number;
  /** `null`: it failed. */
  readonly fx: number | null;
  readonly violation?: number;
  readonly residuals?: readonly number[];
  readonly gradient?: readonly number[];
}

export type ToProgram =
  | StartMessage
  | { readonly type: 'tell'; readonly answers: readonly TellAnswer[] }
  | { readonly type: 'inject'; readonly x: readonly number[]; readonly fx: number }
  | { readonly type: 'snapshot' }
  | { readonly type: 'stop' };

export interface ReadyMessage {
  readonly type: 'ready';
  readonly protocol: number;
  /** For people: `scipy 1.10.1`. */
  readonly name?: string;
  /** Of the algorithm. */
  readonly version?: number;
  readonly batchSize?: number;
  /** It announces points while others of its own are being evaluated. */
  readonly async?: boolean;
  readonly snapshot?: boolean;
  readonly inject?: boolean;
  readonly uses?: readonly ('residuals' | 'gradient')[];
}

export type FromProgram =
  | ReadyMessage
  | {
      readonly type: 'evaluate';
      readonly points: readonly { readonly id: number; readonly x: readonly number[] }[];
    }
  | { readonly type: 'snapshot'; readonly state: Json }
  | { readonly type: 'done'; readonly kind: string; readonly detail: string }
  | { readonly type: 'error'; readonly message: string };

/** What is wrong with a line, in words that follow `it sent`. */
export class MessageFault extends Error {}

/**
 * A line that a program printed.
 *
 * @returns `undefined` for one that is no message and does not look like one: somebody printed something
 * @throws {MessageFault}
 */
export function readMessage(line: string): FromProgram | undefined {
  if (!line.startsWith('{')) return undefined;
  let value: JsonObject;
  try {
    value = JSON.parse(line) as JsonObject;
  } catch (error) {
    throw new MessageFault(`a line that is no JSON (${messageOf(error)}): ${describe(line)}`);
  }
  const read = READERS[value['type'] as FromProgram['type']] as
    | ((from: JsonObject) => FromProgram)
    | undefined;
  if (!read || !Object.hasOwn(READERS, value['type'] as string))
    throw new MessageFault(
      `a message of the type ${describe(value['type'])}, expected one of ${Object.keys(READERS).join(', ')}`,
    );
  return read(value);
}

const READERS: { readonly [Type in FromProgram['type']]: (from: JsonObject) => FromProgram } = {
  ready: (from) => {
    const { name, version, batchSize, uses } = from;
    expect(Number.isSafeInteger(from['protocol']), 'ready', 'protocol', 'a number', from['protocol']);
    expect(name === undefined || typeof name === 'string', 'ready', 'name', 'a text', name);
    expect(version === undefined || isCount(version), 'ready', 'version', 'an integer >= 0', version);
    const isSize = batchSize === undefined || (isCount(batchSize) && batchSize > 0);
    expect(isSize, 'ready', 'batchSize', 'an integer >= 1', batchSize);
    for (const flag of ['async', 'snapshot', 'inject'])
      expect(
        ['undefined', 'boolean'].includes(typeof from[flag]),
        'ready',
        flag,
        'true or false',
        from[flag],
      );
    const isUses = uses === undefined || (Array.isArray(uses) && uses.every(isUsable));
    expect(isUses, 'ready', 'uses', 'a list of residuals, gradient', uses);
    return from as unknown as ReadyMessage;
  },
  evaluate: (from) => {
    const { points } = from;
    const isList = Array.isArray(points) && points.length > 0;
    expect(isList, 'evaluate', 'points', 'a list of at least one point', points);
    for (const point of points as readonly Json[]) {
      const { id, x } = (typeof point === 'object' && point !== null ? point : {}) as JsonObject;
      expect(isCount(id), 'evaluate', 'id', 'an integer >= 1', id);
      expect(Array.isArray(x), 'evaluate', 'x', 'a list of numbers', x);
    }
    return from as unknown as FromProgram;
  },
  snapshot: (from) => {
    const { state } = from;
    expect(state !== undefined && state !== null, 'snapshot', 'state', 'any value but null', state);
    return { type: 'snapshot', state: state! };
  },
  done: ({ kind = 'done', detail = '' }) => {
    expect(
      typeof kind === 'string' && /^[a-z0-9-]+$/.test(kind),
      'done',
      'kind',
      'a name like tol-fun',
      kind,
    );
    expect(typeof detail === 'string', 'done', 'detail', 'a text', detail);
    return { type: 'done', kind: kind as string, detail: detail as string };
  },
  error: ({ message }) => ({
    type: 'error',
    message: typeof message === 'string' ? message : JSON.stringify(message ?? null),
  }),
};

function expect(isRight: boolean, type: string, key: string, expected: string, got: unknown): void {
  if (!isRight)
    throw new MessageFault(`${type} with the wrong ${key}: expected ${expected}, got ${describe(got)}`);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isUsable(value: unknown): boolean {
  return value === 'residuals' || value === 'gradient';
}

/** What is wrong with a point that was announced, in words that follow `evaluate with`. */
export function pointFault(
  id: number,
  x: readonly unknown[],
  expected: number,
  dimension: number,
): string | undefined {
  if (id !== expected) return `the id ${id}, expected ${expected}`;
  if (x.length !== dimension) return `a point of ${x.length} numbers for ${dimension} dimensions: id ${id}`;
  const wrong = x.findIndex((value) => !(typeof value === 'number' && value >= 0 && value <= 1));
  return wrong < 0
    ? undefined
    : `a point outside the unit box: id ${id}, coordinate ${wrong} is ${describe(x[wrong])}`;
}
