import type { LoggedRows, OptimizerStart } from '../../../src/log/contract.ts';

/** Rows as a worker's batch has them: every column filled, nothing failed. */
export function makeRows(count: number, size: number): LoggedRows {
  return {
    count,
    candidateIds: Float64Array.from({ length: count }, (_, i) => i + 1),
    x: Float64Array.from({ length: count * size }, (_, i) => Math.sin(i)),
    fx: Float64Array.from({ length: count }, (_, i) => Math.cos(i)),
    startedAt: Float64Array.from({ length: count }, (_, i) => 1.79e12 + i / 7),
    durationMs: Float64Array.from({ length: count }, (_, i) => i / 7),
    attempts: new Uint8Array(count).fill(1),
    counted: new Uint8Array(count).fill(1),
    worker: new Uint16Array(count),
    workers: ['thread 7'],
    notes: [],
    status: () => 'ok',
  };
}

/** An optimizer's start, as far as the log needs one. */
export function startOf(optimizerId: number, dimension: number): OptimizerStart {
  return {
    optimizerId,
    type: 'random',
    options: {},
    workers: 1,
    start: new Float64Array(dimension),
    startedAt: 1.79e12,
    startedAfterCall: 0,
  };
}
