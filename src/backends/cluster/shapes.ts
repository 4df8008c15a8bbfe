import { CLUSTER_PROTOCOL } from './contract.ts';
import type { ResultAddress } from './names.ts';
import type {
  Beat,
  BeatReply,
  Cancellation,
  HandBack,
  JoinReply,
  JoinRequest,
  Leave,
  Over,
  Receipt,
} from './talk.ts';

/**
 * Whether a message is what its subject is for: anybody in the engine may send anything, and neither a manager nor a worker ends by that. Each
 * check gives the message, or nothing when it is none.
 */
const MOST_SLOTS = 4096;
const MOST_LENGTH = 255;

type Fields = Readonly<Record<string, unknown>>;

/** One that speaks another version is to be told so, whatever else it says. */
export function asJoin(said: unknown): JoinRequest | undefined {
  if (!isObject(said) || !isCount(said['protocol']) || !isShort(said['host'])) return undefined;
  const { protocol, id, pid, slots, facts } = said;
  const isOurs = isId(id) && isCount(pid) && isCount(slots) && slots >= 1 && slots <= MOST_SLOTS;
  const isJoin = protocol !== CLUSTER_PROTOCOL || (isOurs && isObject(facts));
  return isJoin ? (said as unknown as JoinRequest) : undefined;
}

export function asBeat(said: unknown): Beat | undefined {
  if (!isObject(said) || !isId(said['id']) || !isCount(said['epoch'])) return undefined;
  const isBeat = isListOf(said['jobs'], isPair) && said['jobs'].length <= MOST_SLOTS;
  return isBeat ? (said as unknown as Beat) : undefined;
}

export function asHandBack(said: unknown): HandBack | undefined {
  if (!isObject(said) || !isId(said['id']) || !isCount(said['epoch']) || !isCount(said['job']))
    return undefined;
  const { fault, isHopeless } = said;
  const isHandBack =
    (fault === undefined || typeof fault === 'string') &&
    (isHopeless === undefined || typeof isHopeless === 'boolean');
  return isHandBack ? (said as unknown as HandBack) : undefined;
}

export function asLeave(said: unknown): Leave | undefined {
  return isObject(said) && isId(said['id']) ? (said as unknown as Leave) : undefined;
}

export function isResult({ epoch, job, delivery, worker }: ResultAddress): boolean {
  return isCount(epoch) && isCount(job) && isCount(delivery) && isId(worker);
}

export function asCancellation(said: unknown): Cancellation | undefined {
  const isCancellation = isObject(said) && isCount(said['epoch']) && isListOf(said['jobs'], isCount);
  return isCancellation ? (said as unknown as Cancellation) : undefined;
}

export function asOver(said: unknown): Over | undefined {
  return isObject(said) && isCount(said['epoch']) ? (said as unknown as Over) : undefined;
}

export function asJoinReply(said: unknown): JoinReply | undefined {
  if (!isObject(said)) return undefined;
  const isReply =
    'differences' in said
      ? isListOf(said['differences'], (each) => typeof each === 'string')
      : isObject(said['welcome']) && isCount(said['epoch']) && typeof said['stream'] === 'string';
  return isReply ? (said as unknown as JoinReply) : undefined;
}

export function asBeatReply(said: unknown): BeatReply | undefined {
  if (!isObject(said) || typeof said['isKnown'] !== 'boolean' || !isCount(said['epoch'])) return undefined;
  const isReply = typeof said['stream'] === 'string' && isListOf(said['unwanted'], isCount);
  return isReply ? (said as unknown as BeatReply) : undefined;
}

export function asReceipt(said: unknown): Receipt | undefined {
  return said === 'taken' || said === 'stale' ? said : undefined;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isShort(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MOST_LENGTH;
}

/** Part of a subject. */
function isId(value: unknown): value is string {
  return isShort(value) && /^[\w-]+$/.test(value);
}

function isPair(value: unknown): boolean {
  return isListOf(value, isCount) && value.length === 2;
}

function isListOf(value: unknown, isOne: (item: unknown) => boolean): value is readonly unknown[] {
  return Array.isArray(value) && value.every(isOne);
}
