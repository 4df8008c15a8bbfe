import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { Members, type SweepTarget } from './members.ts';
import { type ProcessEntry, type ProcessIdentity, readCommand, readEntry } from './proc.ts';

export type { SweepTarget } from './members.ts';

export interface SweepOptions {
  /** How long a process may take over SIGTERM before SIGKILL; 0 is SIGKILL at once. @default 500 */
  readonly graceMs?: number;
  /** When to give up on what even SIGKILL does not end. @default 10000 */
  readonly limitMs?: number;
}

export interface SweptProcess extends ProcessIdentity {
  readonly command: string;
}

export interface SweepReport {
  readonly killed: readonly SweptProcess[];
  /** Still there: stuck in the kernel, or another user's. */
  readonly left: readonly SweptProcess[];
}

const LOOK_EVERY_MS = 20;

/**
 * Ends all processes of a run: SIGTERM, after a grace SIGKILL, again until nothing is left.
 *
 * Signals go to single processes, never to a group, each after a look whether its pid still is the process that was found.
 */
export async function sweep(target: SweepTarget, options: SweepOptions = {}): Promise<SweepReport> {
  const { graceMs = 500, limitMs = 10_000 } = options;
  const members = new Members(target);
  const signalled = new Map<string, SweptProcess>();
  const began = performance.now();
  let wasEmpty = false;
  for (;;) {
    const found = members.find();
    // Twice: a process that forks and exits while we look may pass behind our back once.
    if (found.length === 0 && wasEmpty) return { killed: [...signalled.values()], left: [] };
    wasEmpty = found.length === 0;
    const elapsed = performance.now() - began;
    const before = signalled.size;
    for (const entry of found) end(entry, elapsed >= graceMs, signalled);
    if (elapsed > limitMs) {
      const left = found.map((entry) => signalled.get(keyOf(entry))!);
      return { killed: [...signalled.values()].filter((swept) => !left.includes(swept)), left };
    }
    // Where new ones come up while we look, only speed helps.
    if (signalled.size === before && !wasEmpty) await delay(LOOK_EVERY_MS);
    else await nextTurn();
  }
}

/** SIGKILL to all that is there now, before this returns: children first found through parents that live. */
export function killNow(target: SweepTarget): void {
  const members = new Members(target);
  for (const entry of members.find()) signal(entry, 'SIGKILL');
}

function end(entry: ProcessEntry, isFinal: boolean, signalled: Map<string, SweptProcess>): void {
  const key = keyOf(entry);
  const isFirst = !signalled.has(key);
  if (isFirst) signalled.set(key, { pid: entry.pid, start: entry.start, command: readCommand(entry.pid) });
  if (isFinal) signal(entry, 'SIGKILL');
  else if (isFirst) {
    signal(entry, 'SIGTERM');
    // What is stopped cannot react.
    if (entry.state === 'T') signal(entry, 'SIGCONT');
  }
}

function signal({ pid, start }: ProcessIdentity, name: NodeJS.Signals): void {
  if (readEntry(pid)?.start !== start) return;
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile, or is not ours to signal and will be among those left.
  }
}

function keyOf({ pid, start }: ProcessIdentity): string {
  return `${pid}.${start}`;
}
