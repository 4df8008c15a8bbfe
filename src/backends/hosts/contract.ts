import type { ErrorFacts } from '../../core/errors.ts';
import type { CustodyTicket } from '../../processes/custody.ts';
import type { HostMessage, ManagerMessage } from '../protocol.ts';

/** How a host ended. */
export interface HostExit {
  /** What is known of the cause, in one line: `exit code 1`, `signal SIGKILL`, `out of memory`. */
  readonly cause: string;
  readonly error?: ErrorFacts;
}

/** What the manager is told by a host. */
export interface HostListener {
  message(message: HostMessage): void;
  /** Called once; nothing comes after it. */
  exit(exit: HostExit): void;
}

/** A running host, as the manager holds it. */
export interface HostHandle {
  /** `process 4711`, `thread 3`, `inline`. */
  readonly name: string;
  /** A message to a host that is gone is dropped: its exit tells. */
  send(message: ManagerMessage): void;
  /** Ends it at once, whatever it does. May be called again. */
  terminate(): void;
}

/** Level 1: starts hosts. */
export interface HostLauncher extends AsyncDisposable {
  /** What its hosts need to start processes of their own. */
  readonly ticket?: CustodyTicket | undefined;
  /** Returns at once; messages that are sent before the host is up wait for it. The listener is never called before this returns. */
  launch(optimizerId: number, listener: HostListener): HostHandle;
}
