import { systemClock } from '../../core/clock.ts';
import { ProgramShelf } from '../evaluators/program-shelf.ts';
import type { ProgramCrew } from '../evaluators/programs.ts';
import { createEvaluator } from '../evaluators/registry.ts';
import { OptimizerHost } from '../optimizer-host.ts';
import type { HostMessage, ManagerMessage } from '../protocol.ts';
import { isJobReport, isJobRequest } from './desk-messages.ts';
import { printOwn as print } from './output.ts';
import { RemoteDesk } from './remote-desk.ts';
import { isReusable, type SeatMessage } from './seat-message.ts';

/** The place of one host after the other, in a thread or process. */
export class Seat {
  readonly #send: (message: HostMessage | SeatMessage) => void;
  readonly #shelf = new ProgramShelf<ProgramCrew>();
  #host: OptimizerHost | undefined;
  readonly #desk: RemoteDesk;
  #isReusable = false;
  /** What came for the next host while the one before was not cleared away. */
  #backlog: (ManagerMessage | SeatMessage)[] = [];

  constructor(send: (message: HostMessage | SeatMessage) => void) {
    this.#send = send;
    this.#desk = new RemoteDesk(send);
    this.#begin();
  }

  receive(message: ManagerMessage | SeatMessage): void {
    if (isJobReport(message)) {
      this.#desk.receive(message);
      return;
    }
    // The first of them is `next`, or `leave`.
    const isForNext = message.type === 'next' || message.type === 'leave' || this.#backlog.length > 0;
    if (isForNext && this.#host) this.#backlog.push(message);
    else if (message.type === 'next') this.#begin();
    else if (message.type === 'leave') void this.#leave();
    else if (message.type !== 'vacant' && !isJobRequest(message)) this.#pass(message);
  }

  #pass(message: ManagerMessage): void {
    if (message.type === 'assign') this.#isReusable = isReusable(message.assignment);
    this.#host?.receive(message);
  }

  #begin(): void {
    let isOver = false;
    this.#host = new OptimizerHost({
      clock: systemClock,
      createEvaluator: (setup) =>
        createEvaluator({ ...setup, shelf: this.#shelf, cluster: () => this.#desk }, print),
      print,
      send: (message) => {
        if (!isOver) this.#send(message);
      },
      close: () => {
        if (!this.#isReusable) process.exit(0);
        isOver = true;
        this.#host = undefined;
        this.#send({ type: 'vacant' });
        for (const message of this.#backlog.splice(0)) this.receive(message);
      },
    });
  }

  async #leave(): Promise<void> {
    await this.#shelf[Symbol.asyncDispose]();
    process.exit(0);
  }
}
