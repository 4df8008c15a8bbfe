/** Takes what an optimizer's host, its workers or its task printed. */
export type OutputSink = (optimizerId: number, stream: 'out' | 'err', chunk: Uint8Array) => void;

/** Within a host: what its workers print is printed by the host itself, whose own output is known to be its optimizer's. */
export const printOwn: OutputSink = (_, stream, chunk) => {
  (stream === 'out' ? process.stdout : process.stderr).write(chunk);
};

const LONGEST_TAIL = 500;

/** Keeps the end of what a host printed to standard error: it often says why the host died. */
export class ErrorTail {
  #text = '';

  add(chunk: Uint8Array): void {
    this.#text = (this.#text + new TextDecoder().decode(chunk)).slice(-LONGEST_TAIL);
  }

  /** `cause`, with the end of standard error if there is any. */
  explain(cause: string): string {
    const tail = this.#text.trim().replaceAll(/\s*\n\s*/g, ' | ');
    return tail === '' ? cause : `${cause}; its standard error ends: ${tail}`;
  }
}
