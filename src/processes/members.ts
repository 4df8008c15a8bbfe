import {
  type Cookie,
  COOKIES_VARIABLE,
  origin,
  parseCookie,
  splitCookies,
  SUPERVISOR_VARIABLE,
} from './cookie.ts';
import { type ProcessEntry, type ProcessIdentity, readTable, readVariables } from './proc.ts';

/** By what the processes of a run, or of a part of it, are known. */
export interface SweepTarget {
  readonly cookies: readonly string[];
  /** Leaders of process groups and sessions that were started for it. */
  readonly leaders?: readonly ProcessIdentity[];
}

/**
 * Finds the processes of a run, again and again. Belonging is one of: a cookie in the environment; being a recorded leader; being
 * in a process group or session that such a process leads or is in; being a child of such a process. A process found once stays
 * found, whatever it becomes.
 *
 * The group and session of a cookie's owner are nobody's proof: the user's own processes are in there. Neither this process nor one
 * above it ever belongs.
 */
export class Members {
  readonly #cookies: ReadonlySet<string>;
  readonly #leaders: readonly ProcessIdentity[];
  readonly #homes: ReadonlySet<number>;
  /** Nobody got a cookie before its owner was there. */
  readonly #since: number;
  readonly #known = new Map<number, ProcessIdentity>();

  constructor({ cookies, leaders = [] }: SweepTarget) {
    this.#cookies = new Set(cookies);
    this.#leaders = leaders;
    const owners = cookies.map(parseCookie).filter((cookie) => cookie !== undefined);
    this.#homes = new Set(owners.filter(isFromHere).flatMap(({ pgrp, session }) => [pgrp, session]));
    this.#since = Math.min(...owners.map((owner) => (isFromHere(owner) ? owner.start : 0)));
  }

  /** Those that live now, in one pass over `/proc`. */
  find(): readonly ProcessEntry[] {
    const table = readTable();
    const byPid = new Map(table.map((entry) => [entry.pid, entry]));
    const shielded = lineOf(process.pid, byPid);
    const homes = new Set([...this.#homes, ...homesOf(byPid.get(process.pid))]);
    const found = new Map<number, ProcessEntry>();
    const groups = new Set<number>();
    const sessions = new Set<number>();

    const isStill = ({ pid, start }: ProcessIdentity): boolean => byPid.get(pid)?.start === start;
    const add = (entry: ProcessEntry): void => {
      found.set(entry.pid, entry);
      // 0 and 1: the kernel's, or a leader outside this pid namespace.
      if (entry.pgrp > 1 && !homes.has(entry.pgrp)) groups.add(entry.pgrp);
      if (entry.session > 1 && !homes.has(entry.session)) sessions.add(entry.session);
    };
    for (const leader of this.#leaders) {
      // While its group or session has members, the kernel gives its number to nobody else.
      if (homes.has(leader.pid) || (byPid.has(leader.pid) && !isStill(leader))) continue;
      groups.add(leader.pid);
      sessions.add(leader.pid);
    }
    const isSeed = (entry: ProcessEntry): boolean =>
      this.#known.get(entry.pid)?.start === entry.start ||
      this.#leaders.some(({ pid, start }) => pid === entry.pid && start === entry.start) ||
      (entry.start >= this.#since && this.#hasCookie(entry.pid));
    let rest: readonly ProcessEntry[] = table.filter((entry) => entry.isAlive && !shielded.has(entry.pid));
    let isNew = isSeed;
    for (;;) {
      const before = found.size;
      const others: ProcessEntry[] = [];
      for (const entry of rest) {
        if (isNew(entry)) add(entry);
        else others.push(entry);
      }
      if (found.size === before && isNew !== isSeed) break;
      rest = others;
      isNew = ({ ppid, pgrp, session }) => found.has(ppid) || groups.has(pgrp) || sessions.has(session);
    }
    for (const entry of found.values()) this.#known.set(entry.pid, entry);
    return [...found.values()];
  }

  #hasCookie(pid: number): boolean {
    return readVariables(pid, [COOKIES_VARIABLE, SUPERVISOR_VARIABLE]).some((list) =>
      splitCookies(list).some((cookie) => this.#cookies.has(cookie)),
    );
  }
}

export function isFromHere(cookie: Cookie): boolean {
  return cookie.origin === origin();
}

function homesOf(entry: ProcessEntry | undefined): readonly number[] {
  return entry ? [entry.pgrp, entry.session] : [];
}

/** A process and all above it. */
function lineOf(pid: number, byPid: ReadonlyMap<number, ProcessEntry>): ReadonlySet<number> {
  const line = new Set([1]);
  for (let at: number | undefined = pid; at !== undefined && !line.has(at); at = byPid.get(at)?.ppid)
    line.add(at);
  return line;
}
