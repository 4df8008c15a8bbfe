import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';

/** A pid alone may have been given to another process by now; with its start time it means one process for good. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from the machine's start to the process's. */
  readonly start: number;
}

export interface ProcessEntry extends ProcessIdentity {
  readonly ppid: number;
  readonly pgrp: number;
  readonly session: number;
  /** `R`, `S`, `D`, `T`, … as in `ps`. */
  readonly state: string;
  /** A zombie is not: it only waits to be asked how it ended. */
  readonly isAlive: boolean;
  /** One of the kernel's own threads. */
  readonly isKernel: boolean;
}

/** PF_KTHREAD. In a pid namespace pid 2, from which the kernel's threads come elsewhere, is anybody's, a host's for example. */
const KERNEL_FLAG = 0x00_20_00_00;

/** Whether `/proc` shows this process's own pid namespace: if not, its pids are not those that signals go to. */
export function isProcUsable(): boolean {
  try {
    return readlinkSync('/proc/self') === String(process.pid);
  } catch {
    return false;
  }
}

/** All processes except the kernel's threads, in no order. Costs about 10 µs a process. */
export function readTable(): readonly ProcessEntry[] {
  const entries: ProcessEntry[] = [];
  for (const name of readdirSync('/proc')) {
    const first = name.codePointAt(0)!;
    if (first < 48 || first > 57) continue;
    const entry = readEntry(Number(name));
    if (entry && !entry.isKernel) entries.push(entry);
  }
  return entries;
}

/** @returns undefined when there is no such process */
export function readEntry(pid: number): ProcessEntry | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat && parseStat(stat.toString('latin1'));
}

/** @param stat as in `/proc/<pid>/stat`; the name in it may hold anything, parentheses and newlines too */
export function parseStat(stat: string): ProcessEntry | undefined {
  // From field 3 (state) on.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ', 20);
  const [state = '', ppid, pgrp, session] = fields;
  const [pid, start] = [Number.parseInt(stat, 10), Number(fields[19] ?? Number.NaN)];
  if (!Number.isSafeInteger(pid) || !Number.isSafeInteger(start)) return undefined;
  return {
    pid,
    start,
    ppid: Number(ppid),
    pgrp: Number(pgrp),
    session: Number(session),
    state,
    // A process whose first thread has ended shows as a zombie while its other threads run.
    isAlive: !'ZXx'.includes(state) || Number(fields[17]) > 1,
    isKernel: (Number(fields[6]) & KERNEL_FLAG) !== 0,
  };
}

/** Whether this very process, not another that got its pid, is there and no zombie. */
export function lives({ pid, start }: ProcessIdentity): boolean {
  const entry = readEntry(pid);
  return entry !== undefined && entry.start === start && entry.isAlive;
}

/** The identity of a child just started, to be noted. Also of one that has ended meanwhile: it stays readable until it is waited for. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const entry = readEntry(pid);
  return entry && { pid: entry.pid, start: entry.start };
}

/** Values of variables in the environment with which a process was started; nothing where we may not look. */
export function readVariables(pid: number, names: readonly string[]): readonly string[] {
  const environ = read(`/proc/${pid}/environ`);
  if (!environ) return [];
  return names.flatMap((name) => {
    const key = `${name}=`;
    for (let at = environ.indexOf(key); at >= 0; at = environ.indexOf(key, at + 1)) {
      if (at > 0 && environ[at - 1] !== 0) continue;
      const end = environ.indexOf(0, at);
      return [environ.toString('utf8', at + key.length, end < 0 ? environ.length : end)];
    }
    return [];
  });
}

/** The command line as one would read it in `ps`. */
export function readCommand(pid: number): string {
  return (read(`/proc/${pid}/cmdline`) ?? '').toString('utf8').replaceAll('\0', ' ').trim();
}

let buffer = Buffer.allocUnsafe(16 * 1024);

/** A whole file of `/proc`, valid until the next call. There a read gives all that fits, so that a short one is the last. */
export function read(file: string): Buffer | undefined {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return undefined;
  }
  try {
    let length = 0;
    for (;;) {
      length += readSync(fd, buffer, length, buffer.length - length, null);
      if (length < buffer.length) return length === 0 ? undefined : buffer.subarray(0, length);
      buffer = Buffer.concat([buffer], buffer.length * 2);
    }
  } catch {
    // It ended while we read.
    return undefined;
  } finally {
    closeSync(fd);
  }
}
