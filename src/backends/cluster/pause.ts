/** A pause that others may cut short, also just before it begins. It keeps the process alive. */
export class Pause {
  #timer: NodeJS.Timeout | undefined;
  #end: (() => void) | undefined;
  /** When it is to end, if it is to end sooner than it would by itself. */
  #due = Infinity;

  async wait(ms: number): Promise<void> {
    this.#due = Math.min(this.#due, performance.now() + ms);
    await new Promise<void>((resolve) => {
      this.#end = resolve;
      this.#arm();
    });
    this.#end = undefined;
    this.#due = Infinity;
  }

  endWithin(ms: number): void {
    const due = performance.now() + ms;
    if (due >= this.#due) return;
    this.#due = due;
    if (this.#end) this.#arm();
  }

  end(): void {
    this.endWithin(0);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end?.(), Math.max(0, this.#due - performance.now()));
  }
}
