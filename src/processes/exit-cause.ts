import { constants } from 'node:os';

/** How a process ended. */
export interface ProcessEnd {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  /** Why it never ran. */
  readonly startFault?: string | undefined;
}

/**
 * @param isNamespace whether it was the first in a pid namespace, whose first process says by its exit code which signal ended its
 *   child, as shells do
 */
export function signalOf({ exitCode = 0, signal }: ProcessEnd, isNamespace: boolean): string | undefined {
  if (signal !== undefined || !isNamespace) return signal;
  return Object.entries(constants.signals).find(([, number]) => exitCode === 128 + number)?.[0];
}

/** `its process was ended by SIGKILL` */
export function causeOf(end: ProcessEnd, isNamespace: boolean): string {
  const name = signalOf(end, isNamespace);
  if (name) return `its process was ended by ${name}`;
  if (end.exitCode !== undefined) return `its process ended with exit code ${end.exitCode}`;
  return `its process did not start: ${end.startFault ?? 'unknown cause'}`;
}
