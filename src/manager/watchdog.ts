import type { LiveOptimizer } from './live-optimizer.ts';

/** A host that was told to give up, or whose last batch is in the log, and is still there after this, is ended by force. */
const FORCE_AFTER_MS = 5000;
/** A host that is silent for so long is told again what it should know. */
const REPEAT_AFTER_MS = 5000;

/**
 * What time alone brings about for an optimizer: a lost message is sent again, and who does not end when it should is ended.
 *
 * @param now, endDeadline milliseconds of the clock that never goes backwards; the deadline is `Infinity` while the run goes on
 * @param stopReason why the run ends, if it does
 */
export function watch(optimizer: LiveOptimizer, now: number, endDeadline: number, stopReason: string): void {
  const wish = { status: 'stopped', reason: stopReason } as const;
  if (optimizer.phase === 'ended') {
    if (now >= optimizer.endedAt + FORCE_AFTER_MS) optimizer.terminate(wish);
  } else if (now >= endDeadline + FORCE_AFTER_MS) {
    optimizer.terminate(wish);
  } else if (now >= endDeadline) {
    optimizer.finish('cancel', wish);
  } else if (now >= optimizer.lastToldAt + REPEAT_AFTER_MS) {
    optimizer.lastToldAt = now;
    optimizer.repeat();
  }
}
