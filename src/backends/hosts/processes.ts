import type { Custody, CustodyTicket } from '../../processes/custody.ts';
import { spawnNode } from '../../processes/spawn-node.ts';
import { entryUrl } from '../../core/places.ts';
import type { HostHandle, HostLauncher, HostListener } from './contract.ts';
import type { JobOffice } from '../cluster/contract.ts';
import { type Room, type RoomListener, Rooms } from './rooms.ts';
import type { OutputSink } from './output.ts';

/** Runs each optimizer in a child process. */
export class ProcessLauncher implements HostLauncher {
  readonly #custody: Custody;
  readonly #rooms: Rooms;
  readonly ticket: CustodyTicket;

  constructor(output: OutputSink, custody: Custody, office?: JobOffice) {
    this.#custody = custody;
    this.#rooms = new Rooms((_, listener) => openProcess(custody, listener), output, office);
    this.ticket = custody.ticket('host');
  }

  launch(optimizerId: number, listener: HostListener): HostHandle {
    return this.#rooms.launch(optimizerId, listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rooms[Symbol.asyncDispose]();
    await this.#custody[Symbol.asyncDispose]();
  }
}

function openProcess(custody: Custody, listener: RoomListener): Room {
  const child = spawnNode(
    entryUrl('backends/hosts/process-entry.ts'),
    {
      message: (message) => {
        listener.message(message as Parameters<RoomListener['message']>[0]);
      },
      output: (stream, chunk) => {
        listener.output(stream, chunk);
      },
      exit: (cause) => {
        listener.exit({ cause });
      },
    },
    { custody },
  );
  return {
    name: `process ${child.pid}`,
    gone: child.exited,
    send: (message) => {
      child.send(message);
    },
    kill: () => {
      child.kill();
    },
  };
}
