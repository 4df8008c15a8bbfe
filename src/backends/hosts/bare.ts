import type { Clock } from '../../core/clock.ts';
import type { Task } from '../../tasks/contract.ts';
import { createEvaluator } from '../evaluators/registry.ts';
import { OptimizerHost } from '../optimizer-host.ts';
import type { HostMessage, ManagerMessage } from '../protocol.ts';
import type { HostHandle, HostLauncher, HostListener } from './contract.ts';
import type { OutputSink } from './output.ts';

/**
 * Starts an optimizer's host in this thread.
 *
 * @param print takes what programs print
 * @param wrap what is put around its task
 */
export function launchInline(
  clock: Clock,
  listener: HostListener,
  print: OutputSink = () => {},
  wrap?: (task: Task) => Task,
): HostHandle {
  let isGone = false;
  // Messages take their turn, as they would between threads: neither end is ever called from within its own call.
  const toManager = (message: HostMessage): void => {
    clock.soon(() => {
      if (!isGone) listener.message(message);
    });
  };
  const leave = (cause: string): void => {
    clock.soon(() => {
      if (isGone) return;
      isGone = true;
      listener.exit({ cause });
    });
  };
  const host = new OptimizerHost({
    clock,
    createEvaluator: (setup) => createEvaluator(setup, print, wrap),
    print,
    send: toManager,
    close: () => {
      leave('ended');
    },
  });
  return {
    name: 'inline',
    send: (message: ManagerMessage) => {
      clock.soon(() => {
        if (!isGone) host.receive(message);
      });
    },
    terminate: () => {
      host.abandon();
      leave('terminated');
    },
  };
}

/** Inline hosts and nothing around them: for tasks of our own, which print nothing, start nothing and end no process. */
export class BareLauncher implements HostLauncher {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  launch(_optimizerId: number, listener: HostListener): HostHandle {
    return launchInline(this.#clock, listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
