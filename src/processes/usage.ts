import { uptime } from 'node:os';
import pidusage from 'pidusage';
import { read } from './proc.ts';

/** What a process has taken of the machine so far. */
export interface Usage {
  /** Processor time in milliseconds. */
  readonly ctime: number;
  /** Its age in milliseconds. */
  readonly elapsed: number;
  /** Resident memory in bytes. */
  readonly memory: number;
}

/** USER_HZ, in which the kernel tells times to everybody, whatever it counts in itself: the same on all that Node.js runs on. */
const TICKS_PER_SECOND = 100;

/** @returns undefined when there is no such process */
export async function usageOf(pid: number): Promise<Usage | undefined> {
  if (process.platform === 'linux') return readUsage(pid);
  return pidusage(pid).catch(() => undefined);
}

/** By itself: pidusage keeps a file open for each process that it was asked about, and says goodbye to none of them. */
function readUsage(pid: number): Usage | undefined {
  const stat = read(`/proc/${pid}/stat`)?.toString('latin1');
  const status = read(`/proc/${pid}/status`)?.toString('latin1');
  if (stat === undefined || status === undefined) return undefined;
  // From field 3 (state) on; the name before it may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ', 20);
  const [user, system, start] = [11, 12, 19].map(
    (index) => (1000 * Number(fields[index])) / TICKS_PER_SECOND,
  );
  // A zombie has none.
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return {
    ctime: user! + system!,
    elapsed: 1000 * uptime() - start!,
    memory: 1024 * Number(kilobytes),
  };
}
