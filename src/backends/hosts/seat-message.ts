import type { HostAssignment } from '../protocol.ts';
import type { JobReport, JobRequest } from './desk-messages.ts';

/** Between a launcher and the thread or process that it started, besides what the manager and a host say to each other. */
export type SeatMessage =
  /** A host is done, and all that was its is cleared away. */
  | { readonly type: 'vacant' }
  /** The next host begins, when the one before is cleared away. */
  | { readonly type: 'next' }
  /** No other host is to come: what is kept for one ends. */
  | { readonly type: 'leave' }
  | JobRequest
  | JobReport;

/**
 * Whether another host may come after the one of this assignment. A task that is a program or a benchmark function leaves nothing of its own
 * behind in a thread or process, so that the next optimizer may begin at once, with the programs that are there and with code that is compiled; a
 * task or an optimizer that is a module may have left timers, sockets and state.
 */
export function isReusable({ task, plugins }: Pick<HostAssignment, 'task' | 'plugins'>): boolean {
  return task.kind !== 'module' && plugins.length === 0;
}
