import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import path from 'node:path';
import type { OutputSink } from '../backends/hosts/output.ts';

/** A task that prints for weeks must not fill the disk. */
const LARGEST_BYTES = 16 * 1024 * 1024;

interface StreamFile {
  readonly stream: WriteStream;
  left: number;
}

/** Prints of hosts and tasks, each optimizer's to files of its own, which are made with the first byte. */
export class StreamFiles implements AsyncDisposable {
  readonly #directory: string;
  readonly #largestBytes: number;
  readonly #files = new Map<string, StreamFile>();

  /**
   * @param runDirectory files go to `streams/` below it
   * @param largestBytes what a file holds at the most; a note says where it was cut
   */
  constructor(runDirectory: string, largestBytes: number = LARGEST_BYTES) {
    this.#directory = path.join(runDirectory, 'streams');
    this.#largestBytes = largestBytes;
  }

  readonly sink: OutputSink = (optimizerId, stream, chunk) => {
    const name = `optimizer-${String(optimizerId).padStart(4, '0')}.${stream}`;
    let file = this.#files.get(name);
    if (!file) {
      file = this.#open(name);
      this.#files.set(name, file);
    }
    if (file.left <= 0) return;
    file.stream.write(chunk.subarray(0, file.left));
    file.left -= chunk.length;
    if (file.left <= 0) file.stream.write(`\n[cut by glompo after ${this.#largestBytes} bytes]\n`);
  };

  #open(name: string): StreamFile {
    mkdirSync(this.#directory, { recursive: true });
    const stream = createWriteStream(path.join(this.#directory, name), { flags: 'a' });
    // What a task prints is not worth a run: a full disk shows itself in the log.
    stream.on('error', () => {});
    return { stream, left: this.#largestBytes };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      [...this.#files.values()].map(
        ({ stream }) => new Promise<void>((resolve) => stream.end(() => resolve())),
      ),
    );
  }
}
