import { hostname } from 'node:os';
import type { Json } from '../core/json.ts';

/** `suspended`: it is to be resumed. `crashed`: its log says running, but the process that wrote it is gone. */
export type LoggedState = 'running' | 'finished' | 'failed' | 'crashed' | 'suspended';

/** What the facts of a log say of its run. */
export function stateOf(facts: Readonly<Record<string, Json>>): LoggedState {
  if (typeof facts['status'] !== 'string')
    throw new Error('there is nothing in it: its manager was killed as it began, or the rest of it is lost');
  const { status } = facts;
  if (status === 'suspended' || status === 'failed') return status;
  if (status !== 'running') return 'finished';
  // Whether a process of another machine lives cannot be seen from here.
  if (facts['host'] !== hostname()) return 'running';
  return isAlive(Number(facts['managerPid'])) ? 'running' : 'crashed';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
