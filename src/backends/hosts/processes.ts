import type { Custody, CustodyTicket } from '../../processes/custody.ts';
import { type NodeChild, spawnNode } from '../../processes/spawn-node.ts';
import { entryUrl } from '../entry-url.ts';
import type { HostMessage, ManagerMessage } from '../protocol.ts';
import type { HostHandle, HostLauncher, HostListener } from './contract.ts';
import { ErrorTail, type OutputSink } from './output.ts';

/** Runs each optimizer in a child process of its own. */
export class ProcessLauncher implements HostLauncher {
  readonly #output: OutputSink;
  readonly #custody: Custody;
  readonly #children = new Set<NodeChild>();
  readonly ticket: CustodyTicket;

  constructor(output: OutputSink, custody: Custody) {
    this.#output = output;
    this.#custody = custody;
    this.ticket = custody.ticket('host');
  }

  launch(optimizerId: number, listener: HostListener): HostHandle {
    const tail = new ErrorTail();
    const child = spawnNode(
      entryUrl('./process-entry.ts', import.meta.url),
      {
        message: (message) => {
          listener.message(message as HostMessage);
        },
        output: (stream, chunk) => {
          if (stream === 'err') tail.add(chunk);
          this.#output(optimizerId, stream, chunk);
        },
        exit: (cause) => {
          this.#children.delete(child);
          listener.exit({ cause: tail.explain(cause) });
        },
      },
      { custody: this.#custody },
    );
    this.#children.add(child);
    return {
      name: `process ${child.pid}`,
      send: (message: ManagerMessage) => {
        child.send(message);
      },
      terminate: () => {
        child.kill();
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const children = [...this.#children];
    for (const child of children) child.kill();
    await Promise.all(children.map((child) => child.exited));
    await this.#custody[Symbol.asyncDispose]();
  }
}
