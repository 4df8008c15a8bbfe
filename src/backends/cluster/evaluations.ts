import { type JsonObject, textOf } from '../../core/json.ts';
import type { EvaluationStatus, Outcome } from '../../tasks/contract.ts';
import type { EvaluationReply } from '../evaluators/chunk.ts';
import type { Job } from '../evaluators/contract.ts';
import { decodeFrame, encodeFrame, unreadable } from './frame.ts';

/** What the points of one message have in common. */
export interface PointsSetup {
  readonly optimizerId: number;
  readonly wantsGradient: boolean;
  /** How often a point is tried again when its worker process dies, or its task says that the next time may be better. */
  readonly retries: number;
  readonly timeoutSeconds?: number | undefined;
}

/** What came of one point elsewhere. */
export interface RemoteReply extends EvaluationReply {
  readonly candidateId: number;
  readonly attempts: number;
}

const STATUSES: readonly unknown[] = [
  'ok',
  'failed',
  'timeout',
  'cancelled',
  'censored',
] satisfies readonly EvaluationStatus[];

/** Points as a message: rows of candidate id, cutoff and the parameters. */
export function encodePoints(setup: PointsSetup, jobs: readonly Job[]): Uint8Array {
  const size = jobs[0]?.x.length ?? 0;
  const block = new Float64Array(jobs.length * (2 + size));
  for (const [row, { candidateId, x, cutoff = Infinity }] of jobs.entries()) {
    block[row * (2 + size)] = candidateId;
    block[row * (2 + size) + 1] = cutoff;
    block.set(x, row * (2 + size) + 2);
  }
  const { optimizerId, wantsGradient, retries, timeoutSeconds = null } = setup;
  return encodeFrame({ optimizerId, wantsGradient, retries, timeoutSeconds, size }, block);
}

/**
 * @param size how many parameters a point has here
 * @throws {CodedError} `protocol-violation`
 */
export function decodePoints(
  bytes: Uint8Array,
  size: number,
): { readonly setup: PointsSetup; readonly jobs: readonly Job[] } {
  const { header, block } = decodeFrame(bytes);
  const { optimizerId, wantsGradient, retries, timeoutSeconds } = header;
  if (header['size'] !== size)
    throw unreadable(`its points have ${textOf(header['size'])} parameters, those here ${size}`);
  if (typeof optimizerId !== 'number' || typeof retries !== 'number' || typeof wantsGradient !== 'boolean')
    throw unreadable('it does not say whose points it has');
  const width = 2 + size;
  if (block.length % width !== 0) throw unreadable('a point is not complete');
  const jobs = Array.from({ length: block.length / width }, (_, row) => {
    const at = row * width;
    return { candidateId: block[at]!, cutoff: block[at + 1]!, x: block.slice(at + 2, at + width) };
  });
  const limit = typeof timeoutSeconds === 'number' ? { timeoutSeconds } : {};
  return { setup: { optimizerId, wantsGradient, retries, ...limit }, jobs };
}

/** Numbers of a row of replies: candidate id, value, start, duration, attempts. */
const WIDTH = 5;

/** Replies as a message, in the order of the points: numbers of each, and of those that are more than a value what else there is. */
export function encodeReplies(worker: string, replies: readonly RemoteReply[]): Uint8Array {
  const block = new Float64Array(replies.length * WIDTH);
  const others: Record<string, JsonObject> = {};
  for (const [row, { candidateId, outcome, startedAt, durationMs, attempts }] of replies.entries()) {
    block.set([candidateId, outcome.fx, startedAt, durationMs, attempts], row * WIDTH);
    const { fx: _, ...more } = outcome;
    if (more.status !== 'ok' || Object.keys(more).length > 1) others[row] = { ...more };
  }
  return encodeFrame({ worker, others }, block);
}

/**
 * @param jobs whose replies they must be
 * @throws {CodedError} `protocol-violation`
 */
export function decodeReplies(bytes: Uint8Array, jobs: readonly Job[]): readonly RemoteReply[] {
  const { header, block } = decodeFrame(bytes);
  const { worker, others } = header;
  if (typeof worker !== 'string' || typeof others !== 'object' || others === null)
    throw unreadable('it does not say who evaluated');
  if (block.length !== jobs.length * WIDTH)
    throw unreadable('it has not as many replies as there were points');
  const more = others as Readonly<Record<string, unknown>>;
  return jobs.map(({ candidateId }, row) => {
    const [id, fx, startedAt, durationMs, attempts] = block.subarray(row * WIDTH, (row + 1) * WIDTH);
    if (id !== candidateId) throw unreadable(`it has candidate ${id} where ${candidateId} was asked for`);
    if (!Number.isFinite(startedAt) || !(durationMs! >= 0 && durationMs! < Infinity))
      throw unreadable('it does not say when an evaluation was');
    if (!(Number.isInteger(attempts) && attempts! >= 1 && attempts! <= 255))
      throw unreadable(`an evaluation cannot have ${attempts} attempts`);
    const outcome = outcomeOf(Object.hasOwn(more, row) ? more[row] : {}, fx!);
    return {
      candidateId,
      outcome,
      startedAt: startedAt!,
      durationMs: durationMs!,
      attempts: attempts!,
      worker,
    };
  });
}

/** What another machine says of an evaluation, which may be anything. */
function outcomeOf(told: unknown, fx: number): Outcome {
  if (typeof told !== 'object' || told === null) throw unreadable('an outcome is none');
  const { status = 'ok', error, violation, extras, isTransient, attempts } = told as Partial<Outcome>;
  const isWhole =
    STATUSES.includes(status) &&
    isNothingOr('string', error) &&
    isNothingOr('number', violation) &&
    isNothingOr('boolean', isTransient) &&
    isNothingOr('number', attempts) &&
    (extras === undefined || (typeof extras === 'object' && extras !== null && !Array.isArray(extras)));
  // Of those two alone there is a value.
  const hasValue = status === 'ok' || status === 'censored';
  if (!isWhole || hasValue !== Number.isFinite(fx)) throw unreadable('an outcome is none that there is');
  return {
    status,
    fx,
    ...(error === undefined ? {} : { error }),
    ...(violation === undefined ? {} : { violation }),
    ...(extras === undefined ? {} : { extras }),
    ...(isTransient === undefined ? {} : { isTransient }),
    ...(attempts === undefined ? {} : { attempts }),
  };
}

function isNothingOr(type: string, value: unknown): boolean {
  return value === undefined || typeof value === type;
}
