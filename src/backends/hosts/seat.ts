import { systemClock } from '../../core/clock.ts';
import { ProgramShelf } from '../evaluators/program-shelf.ts';
import type { ProgramCrew } from '../evaluators/programs.ts';
import { createEvaluator } from '../evaluators/registry.ts';
import { OptimizerHost } from '../optimizer-host.ts';
import type { HostMessage, ManagerMessage } from '../protocol.ts';
import { printOwn as print } from './output.ts';

/** Between a launcher and the thread or process that it started, besides what the manager and a host say to each other. */
export type SeatMessage =
  /** A host is done, and another one may begin. */
  | { readonly type: 'vacant' }
  /** The next host begins. */
  | { readonly type: 'next' }
  /** No other host is to come: what is kept for one ends. */
  | { readonly type: 'leave' };

/**
 * The place of one host after the other, in a thread or process. A task that is a program or a benchmark function leaves nothing of its own behind
 * in here, so that the next optimizer may begin at once, with the programs that are there and with code that is compiled; a task or an optimizer
 * that is a module may have left timers, sockets and state, and ends the place.
 */
export class Seat {
  readonly #send: (message: HostMessage | SeatMessage) => void;
  readonly #shelf = new ProgramShelf<ProgramCrew>();
  #host: OptimizerHost | undefined;
  #isReusable = false;

  constructor(send: (message: HostMessage | SeatMessage) => void) {
    this.#send = send;
    this.#begin();
  }

  receive(message: ManagerMessage | SeatMessage): void {
    switch (message.type) {
      case 'next':
        this.#begin();
        break;
      case 'leave':
        void this.#leave();
        break;
      case 'assign': {
        const { task, plugins } = message.assignment;
        this.#isReusable = task.kind !== 'module' && plugins.length === 0;
        this.#host?.receive(message);
        break;
      }
      case 'vacant':
        break;
      default:
        this.#host?.receive(message);
    }
  }

  #begin(): void {
    let isOver = false;
    this.#host = new OptimizerHost({
      clock: systemClock,
      createEvaluator: (setup) => createEvaluator({ ...setup, shelf: this.#shelf }, print),
      print,
      send: (message) => {
        if (!isOver) this.#send(message);
      },
      close: () => {
        if (!this.#isReusable) process.exit(0);
        isOver = true;
        this.#host = undefined;
        this.#send({ type: 'vacant' });
      },
    });
  }

  async #leave(): Promise<void> {
    await this.#shelf[Symbol.asyncDispose]();
    process.exit(0);
  }
}
