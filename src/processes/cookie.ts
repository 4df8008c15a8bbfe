import { readFileSync, readlinkSync } from 'node:fs';
import { readEntry } from './proc.ts';

/** The environment variable by which processes of a run are known: a list, outermost run first. */
export const COOKIES_VARIABLE = 'GLOMPO_COOKIES';

/** Marks a supervisor, which carries its run's cookie under another name so that it does not sweep itself. */
export const SUPERVISOR_VARIABLE = 'GLOMPO_SUPERVISOR';

const SEPARATOR = ':';

/** An environment in full, as a child is to get it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a cookie says about the process that made it, its owner. */
export interface Cookie {
  readonly text: string;
  readonly pid: number;
  readonly start: number;
  /** The owner's process group and session: they hold the user's own processes too. */
  readonly pgrp: number;
  readonly session: number;
  /** This boot of this machine, and this pid namespace: elsewhere the pid means nothing. */
  readonly origin: string;
}

/** A new cookie, owned by this process. Unique; harmless as an argument, a file name and a list's element. */
export function newCookie(): string {
  const self = readEntry(process.pid);
  const owner = [process.pid, self?.start ?? 0, self?.pgrp ?? 0, self?.session ?? 0];
  const { randomBytes } = cryptography();
  return [randomBytes(8).toString('hex'), ...owner, origin()].join('.');
}

/** @returns undefined when it is not a cookie; it may come from any process's environment */
export function parseCookie(text: string): Cookie | undefined {
  const match = /^[0-9a-f]{16}\.(\d{1,10})\.(\d{1,15})\.(\d{1,10})\.(\d{1,10})\.([0-9a-f]{12})$/.exec(text);
  if (!match) return undefined;
  const [pid, start, pgrp, session] = match.slice(1, 5).map(Number) as [number, number, number, number];
  return { text, pid, start, pgrp, session, origin: match[5]! };
}

export function splitCookies(list: string): readonly string[] {
  return list.split(SEPARATOR).filter((cookie) => cookie !== '');
}

/** `env` with `cookie` appended to those that are in it. `env` itself, and so an embedding program's `process.env`, is left alone. */
export function withCookie(env: Environment, cookie: string): Environment {
  const before = splitCookies(env[COOKIES_VARIABLE] ?? '');
  const cookies = before.includes(cookie) ? before : [...before, cookie];
  return { ...env, [COOKIES_VARIABLE]: cookies.join(SEPARATOR) };
}

/** A supervisor and most hosts make no cookie, and loading it costs them 9 ms. */
function cryptography(): typeof import('node:crypto') {
  return process.getBuiltinModule('node:crypto');
}

let ownOrigin: string | undefined;

/** Where pids mean what they mean here. */
export function origin(): string {
  ownOrigin ??= cryptography()
    .createHash('sha256')
    .update(bootId() + textOf(() => readlinkSync('/proc/self/ns/pid')))
    .digest('hex')
    .slice(0, 12);
  return ownOrigin;
}

/** Of the kernel that runs now; empty where that is not told. */
export function bootId(): string {
  return textOf(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim());
}

function textOf(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
