import type { Injection } from './protocol.ts';

/** Points that others found, on their way to the optimizer. Each is shown once, however often it comes. */
export class Injections {
  #waiting: Injection[] = [];
  #last = 0;

  /** The last call that came; 0: none. */
  get last(): number {
    return this.#last;
  }

  add(injection: Injection): void {
    if (injection.callId <= this.#last) return;
    this.#last = injection.callId;
    this.#waiting.push(injection);
  }

  /** Some may have come to the host before this one already. */
  skip(upTo: number): void {
    this.#waiting = this.#waiting.filter(({ callId }) => callId > upTo);
    this.#last = Math.max(this.#last, upTo);
  }

  take(): readonly Injection[] {
    return this.#waiting.splice(0);
  }
}
