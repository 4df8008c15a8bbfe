/** A terminal that is drawn on, and that others write to meanwhile: tasks, libraries, and we ourselves what must be said. */
export class SharedStream implements Disposable {
  readonly #stream: NodeJS.WriteStream;
  readonly #write: NodeJS.WriteStream['write'];
  /** Somebody else's line has not ended. */
  #isInLine = false;
  /** Clears the place where the next one writes. */
  makeWay: () => void = () => {};

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    // oxlint-disable-next-line typescript/unbound-method -- put back as it was
    this.#write = stream.write;
    stream.write = this.#writeOfOthers.bind(this);
  }

  /** 0 by 0 is what a terminal says that does not know its size. */
  get columns(): number {
    return this.#stream.columns || 80;
  }

  get rows(): number {
    return this.#stream.rows || 24;
  }

  write(text: string): void {
    Reflect.apply(this.#write, this.#stream, [text]);
  }

  /** From here on what is written stands at the beginning of a line. */
  endLine(): void {
    if (this.#isInLine) this.write('\n');
    this.#isInLine = false;
  }

  #writeOfOthers(chunk: Uint8Array | string, ...rest: readonly unknown[]): boolean {
    this.makeWay();
    if (chunk.length > 0) this.#isInLine = chunk.at(-1) !== '\n' && chunk.at(-1) !== 10;
    return Reflect.apply(this.#write, this.#stream, [chunk, ...rest]);
  }

  [Symbol.dispose](): void {
    this.endLine();
    this.#stream.write = this.#write;
  }
}
