/** Warns when there was no worker for a while: calls wait then, perhaps for ever, and nothing else would say so. */
export class Absence implements Disposable {
  readonly #say: () => string;
  readonly #ms: number;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param ms how long workers may be absent, from now on or from when the last one went
   * @param say what is wrong then, and what to do
   */
  constructor(ms: number, say: () => string) {
    this.#ms = ms;
    this.#say = say;
    this.note(0);
  }

  /** There are so many workers. */
  note(workers: number): void {
    if (workers > 0) this[Symbol.dispose]();
    else
      this.#timer ??= setTimeout(() => {
        process.emitWarning(this.#say(), { type: 'PoolWarning' });
      }, this.#ms).unref();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
