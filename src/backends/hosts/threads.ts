import { Worker } from 'node:worker_threads';
import { factsOf } from '../../core/errors.ts';
import type { Custody, CustodyTicket } from '../../processes/custody.ts';
import { entryUrl } from '../entry-url.ts';
import type { HostMessage, ManagerMessage } from '../protocol.ts';
import type { HostHandle, HostLauncher, HostListener } from './contract.ts';
import { ErrorTail, type OutputSink } from './output.ts';

/** Runs each optimizer in a worker thread of the manager's process. */
export class ThreadLauncher implements HostLauncher {
  readonly #output: OutputSink;
  readonly #custody: Custody;
  readonly #workers = new Set<Worker>();
  readonly ticket: CustodyTicket;

  constructor(output: OutputSink, custody: Custody) {
    this.#output = output;
    this.#custody = custody;
    this.ticket = custody.ticket('thread');
  }

  launch(optimizerId: number, listener: HostListener): HostHandle {
    const worker = new Worker(entryUrl('./thread-entry.ts', import.meta.url), {
      name: `optimizer ${optimizerId}`,
      // What a task starts is known by it; its own worker threads inherit it.
      env: this.#custody.mark(process.env),
      stdout: true,
      stderr: true,
    });
    this.#workers.add(worker);
    let error: unknown;
    const tail = new ErrorTail();
    worker.stdout.on('data', (chunk: Uint8Array) => {
      this.#output(optimizerId, 'out', chunk);
    });
    worker.stderr.on('data', (chunk: Uint8Array) => {
      tail.add(chunk);
      this.#output(optimizerId, 'err', chunk);
    });
    worker.on('message', (message: HostMessage) => {
      listener.message(message);
    });
    worker.on('error', (thrown: unknown) => {
      error = thrown;
    });
    worker.on('exit', (code) => {
      this.#workers.delete(worker);
      listener.exit({
        cause: tail.explain(`its thread ended with exit code ${code}`),
        ...(error === undefined ? {} : { error: factsOf(error) }),
      });
    });
    return {
      name: `thread ${worker.threadId}`,
      send: (message: ManagerMessage) => {
        worker.postMessage(message);
      },
      terminate: () => {
        void worker.terminate();
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
    await this.#custody[Symbol.asyncDispose]();
  }
}
