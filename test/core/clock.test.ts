import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';

/** More than a timer of Node.js takes, which goes off at once then. */
const SIXTY_DAYS_MS = 60 * 24 * 3600 * 1000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('calls after weeks, and not at once', () => {
  const call = vi.fn<() => void>();
  systemClock.after(SIXTY_DAYS_MS, call);
  vi.advanceTimersByTime(SIXTY_DAYS_MS - 1);
  expect(call).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(call).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});

it('is cancelled whenever one likes', () => {
  const call = vi.fn<() => void>();
  const cancel = systemClock.after(SIXTY_DAYS_MS, call);
  vi.advanceTimersByTime(SIXTY_DAYS_MS / 2);
  cancel();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(SIXTY_DAYS_MS);
  expect(call).not.toHaveBeenCalled();
});
