import type { Call, FunctionSpec, Reply } from './contract.ts';
import type { SentCall } from './calls.ts';
import type { Sendable } from './values.ts';

/** What a worker is told. */
export type ToWorker =
  /** First. */
  | {
      readonly kind: 'start';
      readonly initializer: FunctionSpec | undefined;
      readonly context: WorkerContext;
    }
  | ChunkMessage
  /** Last, when it has nothing to do: it ends by itself, and all that it printed is out. To threads only. */
  | { readonly kind: 'end' };

/** What a worker gets that is started. */
export interface WorkerContext {
  /** Which worker of its pool it is, from 0; one that takes the place of another has a number of its own. */
  readonly worker: number;
  /** An integer of 48 bits: the same for the same worker of pools of the same seed. */
  readonly seed: number;
}

/** Calls of one map. Columns, not rows: objects cost more to send than the numbers that most of them hold. */
export interface ChunkMessage {
  readonly kind: 'chunk';
  readonly id: number;
  /** Of a function that it does not have yet. */
  readonly spec: FunctionSpec | undefined;
  /** It has so many functions that it is to let go of all others. */
  readonly isFresh: boolean;
  readonly isMoved: boolean;
  readonly count: number;
  /** How many arguments each call has; where they differ, `args` has an array for each. */
  readonly arity: number | undefined;
  readonly args: readonly Sendable[];
  /** Where calls have contexts. */
  readonly contexts: { readonly indices: readonly number[]; readonly seeds: readonly number[] } | undefined;
}

/** What a worker tells. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unfit'; readonly message: string }
  /** It has a function that it did not have, and takes up the first call; with one that it had it does so at once. */
  | { readonly kind: 'began' }
  | RepliesMessage;

/** Some calls in a row, those after the last ones that were told of. */
export interface RepliesMessage {
  readonly kind: 'replies';
  readonly values: readonly Sendable[];
  readonly durationsMs: readonly number[];
  /** Those that gave no value, by their place in `values`. */
  readonly others: readonly (readonly [row: number, reply: Reply])[];
}

/** @param calls of one map */
export function chunkMessage(
  calls: readonly Call[],
  { isKnown, isFresh }: { isKnown: boolean; isFresh: boolean },
): ChunkMessage {
  const [{ f, isMoved, args, seed }] = calls as readonly [Call, ...Call[]];
  const arity = calls.every((one) => one.args.length === args.length) ? args.length : undefined;
  return {
    kind: 'chunk',
    id: f.id,
    spec: isKnown ? undefined : f.spec,
    isFresh,
    isMoved,
    count: calls.length,
    arity,
    args: argsOf(calls, arity),
    contexts:
      seed === undefined
        ? undefined
        : { indices: calls.map(({ index }) => index), seeds: calls.map((one) => one.seed!) },
  };
}

function argsOf(calls: readonly Call[], arity: number | undefined): readonly Sendable[] {
  // Pushed one by one: what `map` makes counts as an array with holes, for which sending takes ten times as long.
  const sent: Sendable[] = [];
  for (const { args } of calls)
    if (arity === undefined) sent.push(args);
    else for (const arg of args) sent.push(arg);
  return sent;
}

/** The call of a row. */
export function callAt(message: ChunkMessage, row: number): SentCall {
  const { arity, args, contexts, isMoved } = message;
  return {
    index: contexts?.indices[row] ?? 0,
    args:
      arity === undefined
        ? (args[row] as readonly Sendable[])
        : arity === 1
          ? [args[row]]
          : args.slice(row * arity, (row + 1) * arity),
    seed: contexts?.seeds[row],
    isMoved,
  };
}

/** Gathers replies. */
export class Replies {
  #values: Sendable[] = [];
  #durationsMs: number[] = [];
  #others: [number, Reply][] = [];
  #moved: ArrayBuffer[] = [];

  add(reply: Reply): void {
    if (reply.kind === 'returned') {
      this.#values.push(reply.value);
      this.#durationsMs.push(reply.durationMs);
      for (const buffer of reply.moved) this.#moved.push(buffer);
      return;
    }
    this.#others.push([this.#values.length, reply]);
    this.#values.push(undefined);
    this.#durationsMs.push(reply.durationMs);
  }

  /** Those that there are, and the memory that goes with them; others may be gathered then. */
  take(): readonly [message: RepliesMessage, moved: readonly ArrayBuffer[]] {
    const message: RepliesMessage = {
      kind: 'replies',
      values: this.#values,
      durationsMs: this.#durationsMs,
      others: this.#others,
    };
    const moved = this.#moved;
    this.#values = [];
    this.#durationsMs = [];
    this.#others = [];
    this.#moved = [];
    return [message, moved];
  }
}

/** Calls `onReply` for each reply of a message. */
export function eachReply(message: RepliesMessage, onReply: (reply: Reply) => void): void {
  const { values, durationsMs, others } = message;
  const byRow = others.length > 0 ? new Map(others) : undefined;
  for (const [row, value] of values.entries())
    onReply(byRow?.get(row) ?? { kind: 'returned', value, moved: [], durationMs: durationsMs[row]! });
}
