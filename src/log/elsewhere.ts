import { existsSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { CodedError } from '../core/errors.ts';
import type { FilesystemProbe } from './filesystem.ts';
import { lockHolder } from './lock.ts';
import { LOG_FILE, POINTER_FILE } from './place.ts';

/** A run writes its vitals into its log every ten seconds; a network filesystem may show that half a minute late. */
const SILENT_MS = 60_000;

/** A manager that writes a log. */
interface Writer {
  readonly host: string;
  /** How long ago it was heard of; below zero when that is in the future of this machine's clock. */
  readonly silentMs: number;
}

/** How long ago the log in a run directory was last written to, and undefined when that is long ago. */
export function recently(runDir: string): number | undefined {
  const log = path.join(runDir, LOG_FILE);
  const files = [log, `${log}-wal`, path.join(runDir, POINTER_FILE)];
  const writtenAt = Math.max(
    ...files.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity),
  );
  const silentMs = Date.now() - writtenAt;
  return silentMs > SILENT_MS ? undefined : silentMs;
}

/**
 * Who on another machine has the log in a run directory open at this moment. The log itself is not opened: that alone may do harm on a
 * network filesystem.
 */
export function writerElsewhere(runDir: string): Writer | undefined {
  const silentMs = recently(runDir);
  // Neither of them outlives a run that came to its end.
  const isOpen = [`${LOG_FILE}-wal`, POINTER_FILE].some((name) => existsSync(path.join(runDir, name)));
  if (silentMs === undefined || !isOpen) return undefined;
  const host = lockHolder(runDir)?.host;
  return host === undefined || host === hostname() ? undefined : { host, silentMs };
}

/**
 * Keeps a reader from a log that another machine writes at this moment in the run directory itself.
 *
 * @throws {CodedError} `log-unusable`
 */
export function refuseIfLiveElsewhere(runDir: string, filesystemOf: FilesystemProbe): void {
  // Where there is none, it is a copy, or the log of a run that ended: one plain file.
  if (!existsSync(path.join(runDir, `${LOG_FILE}-wal`))) return;
  const { type, isNetwork } = filesystemOf(runDir);
  const writer = isNetwork ? writerElsewhere(runDir) : undefined;
  if (!writer) return;
  throw new CodedError(
    'log-unusable',
    `cannot read the run log ${path.join(runDir, LOG_FILE)} from ${hostname()}: ${writer.host} writes it at this moment, and SQLite's write-ahead log on a network filesystem (${type}) is safe for one machine alone; do this on ${writer.host}, or start runs with manager.logDir on a local disk: then there is a copy here that every machine can read`,
  );
}

/** When a run was heard of, in words. */
export function ago(silentMs: number): string {
  const seconds = Math.round(Math.abs(silentMs) / 1000);
  return silentMs < -SILENT_MS
    ? `is dated ${seconds} s in the future (the clock of one of the machines is wrong)`
    : `was written ${silentMs < 0 ? 0 : seconds} s ago`;
}
