import type { HostMessage, ManagerMessage } from '../protocol.ts';
import type { JobOffice } from '../cluster/contract.ts';
import { isJobRequest, type JobRequest } from './desk-messages.ts';
import { DeskRelay } from './desk-relay.ts';
import type { HostExit, HostHandle, HostListener } from './contract.ts';
import { ErrorTail, type OutputSink } from './output.ts';
import { isReusable, type SeatMessage } from './seat-message.ts';

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
  /** Whether another host may come after it. */
  isReusable: boolean;
  /** Its last batch; when that is acknowledged, it has nothing more to do or to say. */
  last: number;
}

const DONE: HostExit = { cause: 'it was done' };

/** How long a room may take to leave before it is ended. */
const LEAVE_MS = 2000;

/**
 * Rooms for hosts: those that are vacant are used again before another one is made.
 *
 * One is vacant when its host's last batch is acknowledged, and the next one is sent for with that: what it takes to clear the room goes on
 * while the manager starts another optimizer. Until the room says that it is cleared, nothing of what it says is the next one's.
 */
export class Rooms implements AsyncDisposable {
  readonly #make: (optimizerId: number, listener: RoomListener) => Room;
  readonly #output: OutputSink;
  readonly #office: JobOffice | undefined;
  /** Of hosts that have had jobs for other machines. */
  readonly #relays = new Map<Room, DeskRelay>();
  readonly #all = new Set<Room>();
  readonly #vacant: Room[] = [];
  /** Who is in which. */
  readonly #leases = new Map<Room, Lease>();
  /** Where a host is done, and not gone. */
  readonly #clearing = new Set<Room>();
  /** Who was in there before. */
  readonly #former = new Map<Room, number>();

  /**
   * @param make starts one; the number is that of its first optimizer
   * @param office where their jobs for other machines go, if there are any
   */
  constructor(
    make: (optimizerId: number, listener: RoomListener) => Room,
    output: OutputSink,
    office?: JobOffice,
  ) {
    this.#make = make;
    this.#output = output;
    this.#office = office;
  }

  launch(optimizerId: number, listener: HostListener): HostHandle {
    const lease: Lease = { optimizerId, listener, tail: new ErrorTail(), isReusable: false, last: Infinity };
    const vacant = this.#vacant.pop();
    vacant?.send({ type: 'next' });
    const room = vacant ?? this.#open(optimizerId);
    this.#leases.set(room, lease);
    const isOurs = (): boolean => this.#leases.get(room) === lease;
    return {
      name: room.name,
      send: (message) => {
        if (!isOurs()) return;
        room.send(message);
        if (message.type === 'assign') lease.isReusable = isReusable(message.assignment);
        else if (message.type === 'control' && message.acknowledged >= lease.last && lease.isReusable) {
          this.#clearing.add(room);
          this.#release(room, lease);
          // Not from within the manager's own call.
          setImmediate(() => {
            listener.exit(DONE);
          });
        }
      },
      terminate: () => {
        if (isOurs()) room.kill();
      },
    };
  }

  #relay(room: Room, request: JobRequest): void {
    if (!this.#office) return;
    const relay =
      this.#relays.get(room) ??
      new DeskRelay(this.#office, (report) => {
        room.send(report);
      });
    this.#relays.set(room, relay);
    relay.receive(request);
  }

  #endRelay(room: Room): void {
    this.#relays.get(room)?.[Symbol.dispose]();
    this.#relays.delete(room);
  }

  #release(room: Room, { optimizerId }: Lease): void {
    this.#endRelay(room);
    this.#leases.delete(room);
    this.#former.set(room, optimizerId);
    this.#vacant.push(room);
  }

  #open(optimizerId: number): Room {
    const room: Room = this.#make(optimizerId, {
      message: (message) => {
        const lease = this.#leaseOf(room);
        if (isJobRequest(message)) {
          if (lease) this.#relay(room, message);
        } else if (message.type === 'vacant') {
          this.#clearing.delete(room);
          if (!lease) return;
          this.#release(room, lease);
          lease.listener.exit(DONE);
        } else if (lease) {
          if (message.type === 'batch' && message.batch.end) lease.last = message.batch.sequence;
          lease.listener.message(message as HostMessage);
        }
      },
      output: (stream, chunk) => {
        const lease = this.#leaseOf(room);
        if (stream === 'err') lease?.tail.add(chunk);
        // What comes late is that of the one before.
        this.#output(lease?.optimizerId ?? this.#former.get(room) ?? optimizerId, stream, chunk);
      },
      exit: ({ cause, ...more }) => {
        const lease = this.#leases.get(room);
        this.#all.delete(room);
        this.#endRelay(room);
        this.#leases.delete(room);
        this.#clearing.delete(room);
        this.#former.delete(room);
        const at = this.#vacant.indexOf(room);
        if (at >= 0) this.#vacant.splice(at, 1);
        lease?.listener.exit({ cause: lease.tail.explain(cause), ...more });
      },
    });
    this.#all.add(room);
    return room;
  }

  /** Who speaks from a room; nobody of whom a host is told while the one before is cleared away. */
  #leaseOf(room: Room): Lease | undefined {
    return this.#clearing.has(room) ? undefined : this.#leases.get(room);
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
