import { CodedError, messageOf } from '../core/errors.ts';
import { TookTooLongError, WorkerLostError } from '../backends/pool/contract.ts';
import type { Call, Reply } from './contract.ts';
import { LostWhileLoadingError } from './member.ts';
import {
  callAt,
  type ChunkMessage,
  chunkMessage,
  eachReply,
  type Replies,
  type RepliesMessage,
} from './messages.ts';
import { pack, unpack } from './packed.ts';

/** A chunk for any machine: with its function, since nobody knows which workers have that. */
interface ChunkParcel {
  readonly chunk: ChunkMessage;
  readonly timeoutMs: number;
}

/** How a worker was lost there, with what is needed to make the same of it here. */
interface Loss {
  readonly kind: 'lost' | 'lost-while-loading' | 'took-too-long';
  readonly message: string;
  readonly isExact: boolean;
  readonly isBlameless: boolean;
}

/** What came of a chunk: a reply of each call, or of those before its worker was lost. */
interface AnswerParcel {
  readonly replies: RepliesMessage;
  readonly loss: Loss | undefined;
}

/** @param calls of one map */
export function encodeChunk(calls: readonly Call[], timeoutMs: number): Uint8Array {
  return encode({
    chunk: chunkMessage(calls, { isKnown: false, isFresh: false }),
    timeoutMs,
  } satisfies ChunkParcel);
}

/** @throws {CodedError} `protocol-violation` */
export function decodeChunk(bytes: Uint8Array): {
  readonly calls: readonly Call[];
  readonly timeoutMs: number;
} {
  const { chunk, timeoutMs } = decode(bytes) as ChunkParcel;
  const { id, count, spec } = chunk;
  const f = { id, spec: spec! };
  const calls = Array.from({ length: count }, (_, row): Call => ({
    ...callAt(chunk, row),
    f,
    since: 0,
    moved: [],
  }));
  return { calls, timeoutMs };
}

/** @param lost why not all calls have a reply */
export function encodeAnswer(replies: Replies, lost?: WorkerLostError): Uint8Array {
  const [message] = replies.take();
  return encode({ replies: message, loss: lost && lossOf(lost) } satisfies AnswerParcel);
}

/**
 * Passes on the replies of an answer.
 *
 * @throws {WorkerLostError} as it was thrown where the calls were, after the replies that there are
 * @throws {CodedError} `protocol-violation`
 */
export function openAnswer(bytes: Uint8Array, onReply: (row: number, reply: Reply) => void): void {
  const { replies, loss } = decode(bytes) as AnswerParcel;
  let row = 0;
  eachReply(replies, (reply) => {
    onReply(row++, reply);
  });
  if (loss) throw errorOf(loss);
}

/** Anything that `v8.serialize` knows, as bytes; of all memory a copy. */
export function encode(value: object): Uint8Array {
  return pack(value, { canShare: false, isMoved: false }).bytes;
}

/** @throws {CodedError} `protocol-violation` for bytes that `encode` did not make */
export function decode(bytes: Uint8Array): unknown {
  try {
    return unpack({ bytes, buffers: [] });
  } catch (error) {
    throw new CodedError(
      'protocol-violation',
      `a message of the cluster cannot be read: ${messageOf(error)}; use the same glompo on all machines`,
      { cause: error },
    );
  }
}

function lossOf(lost: WorkerLostError): Loss {
  const { message, isExact, isBlameless } = lost;
  const kind =
    lost instanceof TookTooLongError
      ? 'took-too-long'
      : lost instanceof LostWhileLoadingError
        ? 'lost-while-loading'
        : 'lost';
  return { kind, message, isExact, isBlameless };
}

function errorOf({ kind, message, isExact, isBlameless }: Loss): WorkerLostError {
  switch (kind) {
    case 'took-too-long':
      return new TookTooLongError(message, isExact, isBlameless);
    case 'lost-while-loading':
      return new LostWhileLoadingError(message);
    case 'lost':
      return new WorkerLostError(message, isExact, isBlameless);
  }
}
