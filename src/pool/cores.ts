import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';

export interface CoreOptions {
  /** Whether the threads of one core count one by one. @default false */
  readonly logical?: boolean;
  /** Where `proc` and `sys` are. @default / */
  readonly root?: string;
}

/**
 * How many cores this process may use: those that it is allowed to run on, of which two threads of one core are one, and no more than its
 * cgroup has time for. At least 1.
 */
export function usableCores({ logical = false, root = '/' }: CoreOptions = {}): number {
  const read = (file: string): string | undefined => {
    try {
      return readFileSync(path.join(root, file), 'utf8').trim();
    } catch {
      return undefined;
    }
  };
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(read('proc/self/status') ?? '')?.[1];
  // Where there is no /proc.
  if (list === undefined) return availableParallelism();
  const allowed = parseList(list);
  const cores = new Set(
    allowed.map((cpu) => {
      const siblings = read(`sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`);
      return logical || siblings === undefined ? `${cpu}` : siblings;
    }),
  );
  // What is left of a core in a quota is no whole worker's.
  return Math.max(1, Math.min(logical ? allowed.length : cores.size, Math.floor(quotaOf(read))));
}

/** Cores' worth of time that this process's cgroup (version 2) has, and all that it is in. */
function quotaOf(read: (file: string) => string | undefined): number {
  const own = /^0::(.*)$/m.exec(read('proc/self/cgroup') ?? '')?.[1];
  if (own === undefined) return Infinity;
  let least = Infinity;
  for (let group = own; ; group = path.dirname(group)) {
    const [quota, period] = (read(path.join('sys/fs/cgroup', group, 'cpu.max')) ?? 'max').split(' ');
    if (quota !== 'max') least = Math.min(least, Number(quota) / Number(period ?? 100_000));
    if (group === '/' || group === '.') return Number.isNaN(least) ? Infinity : least;
  }
}

/** `0-2,5` as 0, 1, 2, 5. */
function parseList(list: string): readonly number[] {
  return list.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map(Number);
    return Array.from({ length: last! - first! + 1 }, (_, i) => first! + i);
  });
}
