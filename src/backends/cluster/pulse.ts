import { systemClock } from '../../core/clock.ts';

/**
 * Calls again and again, and tells by how much it was late: whoever could not run for a while has heard nobody either, and is not to conclude
 * that the others are dead. It does not keep the process alive.
 */
export function startPulse(everyMs: number, beat: (lateMs: number) => void): () => void {
  let due = systemClock.elapsed() + everyMs;
  const timer = setInterval(() => {
    const now = systemClock.elapsed();
    const late = Math.max(0, now - due);
    due = now + everyMs;
    beat(late);
  }, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
