/** The last bytes of what a program prints, whatever it prints. */
export class OutputTail {
  readonly #limit: number;
  #chunks: Uint8Array[] = [];
  #kept = 0;
  #total = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(chunk: Uint8Array): void {
    this.#total += chunk.length;
    this.#chunks.push(chunk);
    this.#kept += chunk.length;
    // Twice the limit at most: what is too much is let go of chunk by chunk.
    while (this.#kept - this.#chunks[0]!.length >= this.#limit) this.#kept -= this.#chunks.shift()!.length;
  }

  /** How many bytes there were in all. */
  get total(): number {
    return this.#total;
  }

  /** How many of the first bytes `text` lacks. */
  get cutBytes(): number {
    return this.#total - Math.min(this.#kept, this.#limit);
  }

  get text(): string {
    const all = Buffer.concat(this.#chunks);
    return all.subarray(Math.max(0, all.length - this.#limit)).toString('utf8');
  }

  /** Its last `length` characters on one line, for a message; empty when there is nothing. */
  lastLine(length: number): string {
    const text = this.text.trim().replaceAll(/\s*\n\s*/g, ' | ');
    return text.length > length ? `…${text.slice(-length)}` : text;
  }
}
