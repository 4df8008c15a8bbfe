import type { Clock } from '../../core/clock.ts';
import type { Task } from '../../tasks/contract.ts';
import type { ProgramShelf } from '../evaluators/program-shelf.ts';
import type { ProgramCrew } from '../evaluators/programs.ts';
import { createEvaluator } from '../evaluators/registry.ts';
import { OptimizerHost } from '../optimizer-host.ts';
import type { HostMessage, ManagerMessage } from '../protocol.ts';
import type { HostHandle, HostLauncher, HostListener } from './contract.ts';
import type { OutputSink } from './output.ts';

/** What an optimizer's host in this thread shares with the others. */
export interface InlineSurroundings {
  /** Takes what programs print. */
  readonly print: OutputSink;
  /** Puts something around a task. */
  readonly wrap?: (task: Task) => Task;
  readonly shelf?: ProgramShelf<ProgramCrew>;
}

/** Starts an optimizer's host in this thread. */
export function launchInline(
  clock: Clock,
  listener: HostListener,
  { print, wrap, shelf }: InlineSurroundings = { print: () => {} },
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
    createEvaluator: (setup) => createEvaluator({ ...setup, shelf }, print, wrap),
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
