import type { Clock } from '../core/clock.ts';
import type { EvaluatorFactory } from './evaluators/contract.ts';
import type { OutputSink } from './hosts/output.ts';
import type { HostMessage } from './protocol.ts';

/** What a host is given by whatever it runs in. */
export interface HostWorld {
  readonly clock: Clock;
  readonly createEvaluator: EvaluatorFactory;
  /** Takes what an optimizer in a process of its own prints. @default nobody does */
  readonly print?: OutputSink;
  send(message: HostMessage): void;
  /** Called once, when all that it did is in the log and nothing of it runs: the place to end the thread or process. */
  close(): void;
}
