import { openSync, renameSync, statSync } from 'node:fs';
import sonicBoom from 'sonic-boom';

const LARGEST_BYTES = 5 * 2 ** 20;
/** `glompo.log.1` is the youngest of the older ones. */
const KEPT = 3;
/** So much waits for a disk that is slow or full; what comes then is dropped. */
const WAITING_BYTES = 2 ** 20;
/** So long is waited for it at the end. */
const PATIENCE_MS = 1000;

/**
 * A file that lines are added to, and that is begun anew when it has become large, with some of those before it kept. Writing takes place beside
 * all else, in no order with it: a disk that is slow, full or gone costs lines and nothing more.
 */
export class RotatingFile {
  readonly #file: string;
  readonly #largestBytes: number;
  readonly #sonic: sonicBoom.SonicBoom;
  #bytes: number;
  /** The next file is not there yet. */
  #isTurning = false;
  #isEnding = false;

  /** @throws {Error} when the file cannot be opened */
  constructor(file: string, largestBytes: number = LARGEST_BYTES) {
    this.#file = file;
    this.#largestBytes = largestBytes;
    const fd = openSync(file, 'a');
    this.#bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    // Opened here, so that it can be written to at once; what to open the next time, it is to know as well.
    this.#sonic = Object.assign(new sonicBoom.SonicBoom({ fd, maxLength: WAITING_BYTES }), { file });
    // What could not be written is tried again with the next line.
    this.#sonic.on('error', () => {
      this.#isTurning = false;
    });
    this.#sonic.on('ready', () => {
      this.#isTurning = false;
    });
    this.#sonic.on('write', (bytes: number) => {
      this.#written(bytes);
    });
  }

  write(line: string): void {
    try {
      this.#sonic.write(line);
    } catch {
      // It was closed, or has no file any more.
    }
  }

  #written(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < this.#largestBytes || this.#isTurning || this.#isEnding) return;
    this.#bytes = 0;
    this.#isTurning = true;
    try {
      for (let age = KEPT - 1; age > 0; age--)
        moveIfThere(`${this.#file}.${age}`, `${this.#file}.${age + 1}`);
      moveIfThere(this.#file, `${this.#file}.1`);
      this.#sonic.reopen(this.#file);
    } catch {
      // It grows on, and is tried again when it has grown as much once more.
    }
  }

  /** Waits until all is written: for the moments before a process is gone. */
  flushSync(): void {
    try {
      this.#sonic.flushSync();
    } catch {
      // There is nowhere left to say so.
    }
  }

  async close(): Promise<void> {
    this.#isEnding = true;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, PATIENCE_MS);
    this.#sonic.once('close', resolve);
    this.#sonic.once('error', () => {
      resolve();
    });
    try {
      this.#sonic.end();
      await promise;
    } catch {
      // It has ended already.
    }
    clearTimeout(timer);
    this.#sonic.destroy();
  }
}

function moveIfThere(from: string, to: string): void {
  if (statSync(from, { throwIfNoEntry: false })) renameSync(from, to);
}
