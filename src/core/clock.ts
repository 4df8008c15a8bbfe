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

export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  elapsed: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => {
      clearTimeout(timer);
    };
  },
  soon(call) {
    setImmediate(call);
  },
};
