/** Time as the manager and the hosts see it, so that both also run in a simulation. */
export interface Clock {
  /** Milliseconds since the Unix epoch, with fractions; may step when the machine's clock is set. */
  now(): number;
  /** Milliseconds since an arbitrary moment; never goes backwards. */
  elapsed(): number;
  /** Calls once after `ms`; the returned function cancels. */
  after(ms: number, call: () => void): () => void;
  /** Calls once, after what is waiting (messages, answers) had its turn. */
  soon(call: () => void): void;
}

/** Timers of Node.js take no more than 32 bits, 24.8 days, and call at once where it is more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  elapsed: () => performance.now(),
  after(ms, call) {
    const due = performance.now() + ms;
    let timer: NodeJS.Timeout;
    const wait = (left: number): void => {
      timer =
        left > LONGEST_TIMER_MS
          ? setTimeout(() => {
              wait(due - performance.now());
            }, LONGEST_TIMER_MS)
          : setTimeout(call, left);
    };
    wait(ms);
    return () => {
      clearTimeout(timer);
    };
  },
  soon(call) {
    setImmediate(call);
  },
};
