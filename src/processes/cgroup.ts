import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../core/errors.ts';

/** Names of our cgroups: the cookie follows. */
const PREFIX = 'glompo-';

/**
 * The cgroup of version 2 that this process is in, when others can be made below it and killed whole.
 */
export async function findCgroupParent(): Promise<{ readonly path: string } | { readonly reason: string }> {
  try {
    const mount = /^\S+ \S+ \S+ \S+ (\S+) .* - cgroup2 /m.exec(readFileSync('/proc/self/mountinfo', 'utf8'));
    const own = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'));
    if (!mount || !own) return { reason: 'no cgroup file system of version 2 is mounted' };
    const parent = path.join(mount[1]!, own[1]!);
    const trial = path.join(parent, `${PREFIX}trial-${process.pid}`);
    mkdirSync(trial);
    const canKill = existsSync(path.join(trial, 'cgroup.kill'));
    rmdirSync(trial);
    if (!canKill) return { reason: 'the kernel is older than 5.14, which cannot kill a cgroup' };
    // A move between cgroups needs the right to write in their common ancestor, which is the parent. The kernel takes 20 ms for it.
    await writeFile(path.join(parent, 'cgroup.procs'), '0');
    return { path: parent };
  } catch (error) {
    return { reason: messageOf(error) };
  }
}

/** A run's cgroup below `parent`; each child gets one of its own in it. */
export function cgroupOf(parent: string, cookie: string): string {
  return path.join(parent, `${PREFIX}${cookie}`);
}

/** @returns its path */
export function makeCgroup(parent: string, name: string): string {
  const directory = path.join(parent, name);
  mkdirSync(directory, { recursive: true });
  return directory;
}

/** SIGKILL, by the kernel, to everything in a cgroup and below it, whatever it became. */
export function killCgroup(directory: string): void {
  try {
    writeFileSync(path.join(directory, 'cgroup.kill'), '1');
  } catch {
    // It is gone already.
  }
}

/** Removes a cgroup and those below it as soon as they are empty, for at most a second. */
export async function removeCgroup(directory: string): Promise<void> {
  for (let tries = 0; tries < 50; tries += 1) {
    if (removeTree(directory)) return;
    await delay(20);
  }
}

function removeTree(directory: string): boolean {
  try {
    for (const entry of readdirSync(directory, { withFileTypes: true }))
      if (entry.isDirectory()) removeTree(path.join(directory, entry.name));
    rmdirSync(directory);
    return true;
  } catch {
    return !existsSync(directory);
  }
}
