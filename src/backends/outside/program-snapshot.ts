import { CodedError, describe } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { Candidate, OptimizerSnapshot } from '../../optimizers/contract.ts';

/** Where an optimizer in a process of its own was. */
export interface Saved {
  /** What it said; `null`: it had not begun. */
  readonly state: Json;
  /** The id of the last point that it had announced. */
  readonly announced: number;
  /** Announced, and not asked for. */
  readonly inbox: readonly Candidate[];
  /** How many of its points it was not told of. */
  readonly untold: number;
}

interface Facts {
  readonly type: string;
  readonly version: number;
  readonly dimension: number;
}

/** The state is any JSON, as the program gave it; the block has the points that were not asked for. */
export function writeProgramSnapshot(
  { type, version, dimension }: Facts,
  { state, announced, inbox, untold }: Saved,
): OptimizerSnapshot {
  const block = new Float64Array(inbox.length * dimension);
  for (const [i, { x }] of inbox.entries()) block.set(x, i * dimension);
  return { type, version, header: { state, announced, untold, inbox: inbox.map(({ id }) => id) }, block };
}

/** @throws {CodedError} `snapshot-invalid` when it is none of this optimizer's */
export function readProgramSnapshot(
  { type, header, block }: OptimizerSnapshot,
  expected: string,
  dimension: number,
): Saved {
  const invalid = (what: string): CodedError =>
    new CodedError('snapshot-invalid', `the snapshot of ${expected} ${what}`);
  if (type !== expected) throw invalid(`is one of ${describe(type)}`);
  const { state = null, announced, untold, inbox } = header;
  const isRight = isCount(announced) && isCount(untold) && Array.isArray(inbox) && inbox.every(isCount);
  if (!isRight) throw invalid('has a damaged header');
  const ids = inbox as readonly number[];
  if (block.length !== ids.length * dimension)
    throw invalid(`has ${block.length} numbers for ${ids.length} points`);
  if (!block.every((value) => value >= 0 && value <= 1)) throw invalid('has a point outside the unit box');
  return {
    state,
    announced,
    untold,
    inbox: ids.map((id, i) => ({ id, x: block.slice(i * dimension, (i + 1) * dimension) })),
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
