import type { LiveOptimizer } from './live-optimizer.ts';

/** A host that was told to give up, or whose last batch is in the log, and is still there after this, is ended by force. */
const FORCE_AFTER_MS = 5000;
/** A host that is silent for so long is told again what it should know. */
const REPEAT_AFTER_MS = 5000;

/** One that has said that it is choosing points may be silent so many times as long. */
const PATIENCE = 10;

/** In milliseconds of the clock that never goes backwards. */
export interface Limits {
  /** When what still runs is cancelled; `Infinity` while the run goes on. */
  readonly endDeadline: number;
  /** Why the run ends, if it does. */
  readonly stopReason: string;
  /** An optimizer that owes evaluations and is silent for so long is ended by force. */
  readonly silentMs: number;
}

/**
 * What time alone brings about for an optimizer: a lost message is sent again, and who does not answer or end when it should is ended.
 *
 * @param isOwing whether it holds credits
 */
export function watch(optimizer: LiveOptimizer, isOwing: boolean, now: number, limits: Limits): void {
  const { endDeadline, stopReason } = limits;
  const silentMs = limits.silentMs * (optimizer.isComputing ? PATIENCE : 1);
  if (now >= Math.min(optimizer.endedAt, optimizer.cancelledAt) + FORCE_AFTER_MS) {
    optimizer.terminate({ status: 'stopped', reason: stopReason });
  } else if (isOwing && now >= optimizer.lastHeardAt + silentMs) {
    const reason = `no sign of life for ${silentMs / 1000} s (forceTerminationsAfterSeconds)`;
    optimizer.terminate({ status: 'crashed', reason });
  } else if (now >= endDeadline) {
    optimizer.finish('cancel', { status: 'stopped', reason: stopReason }, now);
  } else if (now >= optimizer.lastToldAt + REPEAT_AFTER_MS) {
    optimizer.lastToldAt = now;
    optimizer.repeat();
  }
}
