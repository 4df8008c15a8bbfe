import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../core/clock.ts';
import { CodedError } from '../../core/errors.ts';
import type { Task } from '../../tasks/contract.ts';
import type { EvaluatorSetup } from '../evaluators/contract.ts';
import { createInlineEvaluator } from '../evaluators/inline.ts';
import { OptimizerHost } from '../optimizer-host.ts';
import type { HostMessage, ManagerMessage } from '../protocol.ts';
import type { HostHandle, HostLauncher, HostListener } from './contract.ts';

/** In which optimizer's evaluation the current call is, if in any. */
const evaluating = new AsyncLocalStorage<number>();

/**
 * Runs optimizers in the manager's own thread, their steps interleaved: for debugging and for cheap tasks. Nothing protects the
 * manager from what a task does, but `process.exit` is refused to it.
 */
export class InlineLauncher implements HostLauncher {
  readonly #clock: Clock;
  // oxlint-disable-next-line typescript/unbound-method -- put back as it was
  readonly #exit = process.exit;

  constructor(clock: Clock) {
    this.#clock = clock;
    process.exit = (code?: number | string | null): never => {
      if (evaluating.getStore() === undefined) return this.#exit.call(process, code);
      throw new CodedError(
        'process-exit-refused',
        `process.exit(${code ?? ''}) would end the manager; use manager.backend threads or processes`,
      );
    };
  }

  launch(optimizerId: number, listener: HostListener): HostHandle {
    let isGone = false;
    // Messages take their turn, as they would between threads: neither end is ever called from within its own call.
    const toManager = (message: HostMessage): void => {
      this.#clock.soon(() => {
        if (!isGone) listener.message(message);
      });
    };
    const leave = (cause: string): void => {
      this.#clock.soon(() => {
        if (isGone) return;
        isGone = true;
        listener.exit({ cause });
      });
    };
    const name = 'inline';
    const wrap = (task: Task): Task => ({
      evaluate: (x, context) => evaluating.run(optimizerId, () => task.evaluate(x, context)),
    });
    const host = new OptimizerHost({
      clock: this.#clock,
      name,
      createEvaluator: (setup: EvaluatorSetup) => createInlineEvaluator(setup, name, wrap),
      send: toManager,
      close: () => {
        leave('ended');
      },
    });
    return {
      send: (message: ManagerMessage) => {
        this.#clock.soon(() => {
          if (!isGone) host.receive(message);
        });
      },
      terminate: () => {
        host.abandon();
        leave('terminated');
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.exit = this.#exit;
  }
}
