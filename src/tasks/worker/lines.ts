import { isUtf8 } from 'node:buffer';
import { ProtocolFault } from './fault.ts';
import { LONGEST_LINE } from './messages.ts';

const END_OF_LINE = 10;

/** Cuts what a worker writes into lines. */
export class LineSplitter {
  readonly #longest: number;
  #parts: Buffer[] = [];
  #length = 0;

  /** @param longest the most bytes that a line may have */
  constructor(longest: number = LONGEST_LINE) {
    this.#longest = longest;
  }

  /**
   * @param onLine takes the lines that are whole now, without their ends, up to one that is at fault; empty ones are left out
   * @throws {ProtocolFault} when one is too long or no UTF-8
   */
  push(chunk: Uint8Array, onLine: (line: string) => void): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    for (let at = bytes.indexOf(END_OF_LINE); at >= 0; at = bytes.indexOf(END_OF_LINE, from)) {
      const text = this.#close(bytes.subarray(from, at));
      if (text.trim() !== '') onLine(text);
      from = at + 1;
    }
    if (from < bytes.length) this.#keep(bytes.subarray(from));
  }

  /** What came after the last end of a line. */
  get rest(): string {
    return Buffer.concat(this.#parts).toString();
  }

  #close(end: Buffer): string {
    this.#keep(end);
    const line = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#length = 0;
    if (!isUtf8(line)) throw new ProtocolFault(`its line is not UTF-8: ${quoted(line.toString('latin1'))}`);
    return line.toString();
  }

  #keep(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > this.#longest)
      throw new ProtocolFault(`its line is longer than ${this.#longest / 1024 / 1024} MB`);
    this.#parts.push(part);
  }
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
