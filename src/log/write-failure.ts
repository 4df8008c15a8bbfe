import { randomBytes } from 'node:crypto';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CodedError, messageOf } from '../core/errors.ts';
import { RESERVE_END } from './place.ts';
import type { SqliteLog } from './sqlite-log.ts';
import { lineOf } from './unusable.ts';

/** Room for the last words of a run whose disk is full: beside the log, and given up with the first failure. */
const RESERVE_BYTES = 256 * 1024;

/** Takes some of the disk, so that a run that fills it can still log how it ended. */
export class Reserve implements Disposable {
  readonly #file: string;

  constructor(file: string) {
    this.#file = `${file}${RESERVE_END}`;
    try {
      // Not zeros: some filesystems keep these for nothing.
      writeFileSync(this.#file, randomBytes(RESERVE_BYTES));
    } catch {
      this[Symbol.dispose]();
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.#file, { force: true });
  }
}

/**
 * A log whose methods, when the disk is full or fails or the file is damaged, throw what says so, where, and what to do. All else stays as it is.
 *
 * @param reserve given up with the first failure; after that no evaluations are taken, which would use it up
 */
export function explainingFailures<Log extends Pick<SqliteLog, 'commit' | 'stopFolding'>>(
  log: Log,
  file: string,
  reserve: Disposable,
): Log {
  let failure: CodedError | undefined;
  return new Proxy(log, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      return (...args: readonly unknown[]): unknown => {
        if (failure && key === 'commit') throw failure;
        try {
          return value.apply(target, args) as unknown;
        } catch (error) {
          const explanation = explain(error, file);
          if (!explanation) throw error;
          failure ??= explanation;
          target.stopFolding();
          reserve[Symbol.dispose]();
          throw explanation;
        }
      };
    },
  });
}

function explain(error: unknown, file: string): CodedError | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const directory = path.dirname(file);
  const kept = 'all that was acknowledged is in the log, and can be read';
  const again = 'choose another directory (--dir, or manager.logDir for the log alone)';
  if (code === 'SQLITE_FULL' || code === 'ENOSPC')
    return new CodedError(
      'log-not-written',
      `no room is left for the run log ${file}: the disk that ${directory} is on is full${free(directory)}; ${kept}; make room there, or ${again}`,
      { cause: error },
    );
  if (code.startsWith('SQLITE_IOERR') || code === 'EIO' || code === 'EDQUOT' || code === 'EROFS')
    return new CodedError(
      'log-not-written',
      `cannot write the run log ${file} (${code}: ${messageOf(error)}): the disk that ${directory} is on fails, a quota is used up, or a network filesystem is gone; ${kept} if the disk gives it back; see the system's own log, or ${again}`,
      { cause: error },
    );
  // What SQLite does not find damaged itself contradicts its own schema then.
  if (/^SQLITE_(CORRUPT|NOTADB|ERROR|CONSTRAINT)/.test(code))
    return new CodedError(
      'log-unusable',
      `cannot write the run log ${file}: it is damaged (${lineOf(error)}); glompo export may still read what it has, and glompo resume --at go on from before the damage`,
      { cause: error },
    );
  return undefined;
}

function free(directory: string): string {
  try {
    const { bavail, blocks, bsize } = statfsSync(directory);
    return ` (${bavail * bsize} bytes free of ${blocks * bsize})`;
  } catch {
    return '';
  }
}
