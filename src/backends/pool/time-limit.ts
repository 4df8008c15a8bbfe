import type { Clock } from '../../core/clock.ts';

/** A timer of more milliseconds goes off at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

export interface TimeLimit {
  /** How long one item may take; `Infinity` for as long as it likes. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Since when the worker has been at the item that it is at, see `Executor.busySince`. */
  readonly busySince: () => number | undefined;
}

/**
 * Watches a worker at its chunk.
 *
 * @param onOver called once, when it is at one item for longer than that may take
 * @returns ends it
 */
export function limitTime({ timeoutMs, clock, busySince }: TimeLimit, onOver: () => void): () => void {
  if (timeoutMs === Infinity) return () => {};
  let cancel: () => void;
  const watch = (ms: number): void => {
    cancel = clock.after(Math.min(ms, LONGEST_TIMER), () => {
      // A worker that is still starting has not begun to use its time.
      const since = busySince() ?? clock.now();
      const left = since + timeoutMs - clock.now();
      if (left > 0) watch(left);
      else onOver();
    });
  };
  watch(timeoutMs);
  return () => {
    cancel();
  };
}
