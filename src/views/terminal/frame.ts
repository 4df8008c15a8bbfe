import { createLogUpdate } from 'log-update';
import type { SharedStream } from './shared-stream.ts';
import { widthOf } from './text.ts';

/** While a line is written, none goes on in the next row: a terminal may have become narrower since it was made. */
const WITHOUT_WRAPPING = { begin: '\u001B[?7l', end: '\u001B[?7h' };
const UP_AND_ERASE = '\u001B[1A\u001B[2K';
const ERASE_BELOW = '\u001B[J';
const ERASE_LINE = '\r\u001B[2K';
const HOME = '\u001B[H';

/**
 * Lines at the end of what a terminal shows, drawn over and over in place, with all else that is written to it above them.
 *
 * Between two writes the terminal is in no state that somebody would have to undo: no other screen, the cursor visible and below the
 * lines, wrapping as it was. So however the process ends, `kill -9` included, it leaves a terminal that works.
 */
export class Frame implements Disposable {
  readonly #stream: SharedStream;
  readonly #update: ReturnType<typeof createLogUpdate>;
  /** How wide each of the lines is that stand there now. */
  #widths: readonly number[] = [];

  constructor(stream: SharedStream) {
    this.#stream = stream;
    this.#update = createLogUpdate(asLogUpdateSees(stream), { showCursor: true });
    stream.makeWay = () => {
      this.#erase();
    };
  }

  /** @param lines none wider than the terminal, and fewer than it has rows */
  draw(lines: readonly string[]): void {
    this.#stream.endLine();
    // A terminal shows what is typed, be it ^C.
    this.#stream.write(ERASE_LINE);
    this.#update(lines.join('\n'));
    this.#widths = lines.map(widthOf);
  }

  /** Draws anew below whatever stands there. */
  reset(): void {
    this.#update.done();
    this.#widths = [];
  }

  /**
   * The terminal has another size. Most terminals fold lines that have become too long, so that the old lines take more rows now; how many
   * of them are still in sight, only the terminal knows. What is above goes up out of sight, so that from here on all that can be seen is ours.
   */
  resized(): void {
    if (this.#widths.length === 0) return;
    const { columns, rows } = this.#stream;
    const folded = this.#widths.reduce((sum, width) => sum + Math.max(0, Math.ceil(width / columns) - 1), 0);
    this.#erase();
    this.#stream.write(`${UP_AND_ERASE.repeat(folded)}${ERASE_BELOW}${'\n'.repeat(rows - 1)}${HOME}`);
  }

  #erase(): void {
    if (this.#widths.length === 0) return;
    this.#update.clear();
    this.#widths = [];
  }

  /** What it last drew stays. */
  [Symbol.dispose](): void {
    this.#stream.makeWay = () => {};
    this.reset();
  }
}

function asLogUpdateSees(stream: SharedStream): NodeJS.WritableStream {
  const seen = {
    isTTY: true,
    get columns() {
      return stream.columns;
    },
    get rows() {
      return stream.rows;
    },
    write(text: string): boolean {
      stream.write(`${WITHOUT_WRAPPING.begin}${text}${WITHOUT_WRAPPING.end}`);
      return true;
    },
  };
  return seen as unknown as NodeJS.WritableStream;
}
