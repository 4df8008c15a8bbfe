import { StringDecoder } from 'node:string_decoder';

/** More than a generation of points in a thousand dimensions; what is longer has no end. */
const LONGEST_LINE = 2 ** 27;

/** Cuts what a program prints into lines. */
export class Lines {
  readonly #decoder = new StringDecoder('utf8');
  #parts: string[] = [];
  #length = 0;
  #isEndless = false;

  /** @throws {RangeError} when a line has no end: nothing is kept of it, nor of what comes after */
  *add(chunk: Uint8Array): Generator<string, void, undefined> {
    if (this.#isEndless) return;
    const text = this.#decoder.write(chunk);
    let at = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
      this.#parts.push(text.slice(at, end));
      at = end + 1;
      yield this.rest();
    }
    this.#parts.push(text.slice(at));
    this.#length += text.length - at;
    if (this.#length <= LONGEST_LINE) return;
    this.#isEndless = true;
    this.rest();
    throw new RangeError(`a line is longer than ${LONGEST_LINE} characters`);
  }

  /** The last line, which has no end. */
  rest(): string {
    const line = this.#parts.join('');
    this.#parts = [];
    this.#length = 0;
    return line;
  }
}
