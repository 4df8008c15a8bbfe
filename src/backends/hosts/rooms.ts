import type { HostMessage, ManagerMessage } from '../protocol.ts';
import type { HostExit, HostHandle, HostListener } from './contract.ts';
import { ErrorTail, type OutputSink } from './output.ts';
import type { SeatMessage } from './seat.ts';

/** A thread or process in which one host runs after the other, as its launcher started it. */
export interface Room {
  readonly name: string;
  send(message: ManagerMessage | SeatMessage): void;
  /** Ends it, whatever it does. */
  kill(): void;
  /** Resolves when it is gone. */
  readonly gone: Promise<void>;
}

/** What a room tells its launcher. */
export interface RoomListener {
  message(message: HostMessage | SeatMessage): void;
  output(stream: 'out' | 'err', chunk: Uint8Array): void;
  exit(exit: HostExit): void;
}

interface Lease {
  readonly optimizerId: number;
  readonly listener: HostListener;
  readonly tail: ErrorTail;
}

/** How long a room may take to leave before it is ended. */
const LEAVE_MS = 2000;

/** Rooms for hosts: those that are vacant are used again before another one is made. */
export class Rooms implements AsyncDisposable {
  readonly #make: (optimizerId: number, listener: RoomListener) => Room;
  readonly #output: OutputSink;
  readonly #all = new Set<Room>();
  readonly #vacant: Room[] = [];
  /** Who is in which. */
  readonly #leases = new Map<Room, Lease>();

  /** @param make starts one; the number is that of its first optimizer */
  constructor(make: (optimizerId: number, listener: RoomListener) => Room, output: OutputSink) {
    this.#make = make;
    this.#output = output;
  }

  launch(optimizerId: number, listener: HostListener): HostHandle {
    const lease: Lease = { optimizerId, listener, tail: new ErrorTail() };
    const vacant = this.#vacant.pop();
    vacant?.send({ type: 'next' });
    const room = vacant ?? this.#open(optimizerId);
    this.#leases.set(room, lease);
    const isOurs = (): boolean => this.#leases.get(room) === lease;
    return {
      name: room.name,
      send: (message) => {
        if (isOurs()) room.send(message);
      },
      terminate: () => {
        if (isOurs()) room.kill();
      },
    };
  }

  #open(optimizerId: number): Room {
    // What comes late is that of the one before.
    let last = optimizerId;
    const room: Room = this.#make(optimizerId, {
      message: (message) => {
        const lease = this.#leases.get(room);
        if (message.type !== 'vacant') lease?.listener.message(message as HostMessage);
        else if (lease) {
          last = lease.optimizerId;
          this.#leases.delete(room);
          this.#vacant.push(room);
          lease.listener.exit({ cause: 'it was done' });
        }
      },
      output: (stream, chunk) => {
        const lease = this.#leases.get(room);
        if (stream === 'err') lease?.tail.add(chunk);
        this.#output(lease?.optimizerId ?? last, stream, chunk);
      },
      exit: ({ cause, ...more }) => {
        const lease = this.#leases.get(room);
        this.#all.delete(room);
        this.#leases.delete(room);
        const at = this.#vacant.indexOf(room);
        if (at >= 0) this.#vacant.splice(at, 1);
        lease?.listener.exit({ cause: lease.tail.explain(cause), ...more });
      },
    });
    this.#all.add(room);
    return room;
  }

  /** Ends all: those that are vacant in good order. */
  async [Symbol.asyncDispose](): Promise<void> {
    const vacant = new Set(this.#vacant.splice(0));
    for (const room of this.#all) {
      if (vacant.has(room)) room.send({ type: 'leave' });
      else room.kill();
    }
    const timer = setTimeout(() => {
      for (const room of this.#all) room.kill();
    }, LEAVE_MS);
    await Promise.all([...this.#all].map(({ gone }) => gone));
    clearTimeout(timer);
  }
}
