import { Worker } from 'node:worker_threads';
import { factsOf } from '../../core/errors.ts';
import type { Custody, CustodyTicket } from '../../processes/custody.ts';
import { entryUrl } from '../../core/places.ts';
import type { HostHandle, HostLauncher, HostListener } from './contract.ts';
import type { JobOffice } from '../cluster/contract.ts';
import { type Room, type RoomListener, Rooms } from './rooms.ts';
import type { OutputSink } from './output.ts';

/** Runs each optimizer in a worker thread of the manager's process. */
export class ThreadLauncher implements HostLauncher {
  readonly #custody: Custody;
  readonly #rooms: Rooms;
  readonly ticket: CustodyTicket;

  constructor(output: OutputSink, custody: Custody, office?: JobOffice) {
    this.#custody = custody;
    this.#rooms = new Rooms(
      (optimizerId, listener) => openThread(custody, optimizerId, listener),
      output,
      office,
    );
    this.ticket = custody.ticket('thread');
  }

  launch(optimizerId: number, listener: HostListener): HostHandle {
    return this.#rooms.launch(optimizerId, listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rooms[Symbol.asyncDispose]();
    await this.#custody[Symbol.asyncDispose]();
  }
}

function openThread(custody: Custody, optimizerId: number, listener: RoomListener): Room {
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  const worker = new Worker(entryUrl('backends/hosts/thread-entry.ts'), {
    name: `optimizer ${optimizerId}`,
    // What a task starts is known by it; its own worker threads inherit it.
    env: custody.mark(process.env),
    stdout: true,
    stderr: true,
  });
  let error: unknown;
  worker.stdout.on('data', (chunk: Uint8Array) => {
    listener.output('out', chunk);
  });
  worker.stderr.on('data', (chunk: Uint8Array) => {
    listener.output('err', chunk);
  });
  worker.on('message', (message: Parameters<RoomListener['message']>[0]) => {
    listener.message(message);
  });
  worker.on('error', (thrown: unknown) => {
    error = thrown;
  });
  worker.on('exit', (code) => {
    listener.exit({
      cause: `its thread ended with exit code ${code}`,
      ...(error === undefined ? {} : { error: factsOf(error) }),
    });
    resolve();
  });
  return {
    name: `thread ${worker.threadId}`,
    gone,
    send: (message) => {
      worker.postMessage(message);
    },
    kill: () => {
      void worker.terminate();
    },
  };
}
