import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { makeDirectory } from '../core/directories.ts';
import { CodedError, messageOf } from '../core/errors.ts';
import { copyLog } from './copy.ts';
import { LOG_FILE, placeOfLog, removePointer, writePointer } from './place.ts';

/**
 * Where a run keeps its log while it goes on: in its run directory, or with a log directory in one of its own there. Disposing of it, after
 * the log was closed, brings the log to the run directory.
 */
export class LogHome implements AsyncDisposable {
  readonly #runDir: string;
  /** The log's file while the run goes on. */
  readonly file: string;

  /**
   * @param runDir is there, is locked, and holds no log
   * @throws {CodedError} `run-directory` when nothing can be written to the log directory
   */
  constructor(runDir: string, logDir?: string) {
    this.#runDir = runDir;
    this.file = path.join(logDir === undefined ? runDir : placeIn(logDir, runDir), LOG_FILE);
  }

  /** For a run that goes on: its log is taken to where it is to be from now on. @throws {CodedError} `run-directory`, `log-not-written` */
  static async again(runDir: string, logDir?: string): Promise<LogHome> {
    const own = path.join(runDir, LOG_FILE);
    const { file } = placeOfLog(runDir);
    // Its manager was killed while the log was elsewhere.
    if (file !== own) await bringHome(file, runDir);
    const home = new LogHome(runDir, logDir);
    if (home.isAway) await copyLog(own, home.file);
    return home;
  }

  get directory(): string {
    return path.dirname(this.file);
  }

  get isAway(): boolean {
    return this.directory !== this.#runDir;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.isAway) return;
    if (existsSync(this.file)) await bringHome(this.file, this.#runDir);
    else letGo(this.#runDir, this.file);
  }
}

/** A directory of the run's own, so that runs may share a log directory. */
function placeIn(logDir: string, runDir: string): string {
  let directory: string | undefined;
  try {
    makeDirectory(logDir);
    directory = mkdtempSync(path.join(logDir, `${path.basename(runDir)}-`));
    writePointer(runDir, directory);
    return directory;
  } catch (error) {
    if (directory !== undefined) rmdirSync(directory);
    throw new CodedError(
      'run-directory',
      `cannot keep the run log in manager.logDir ${logDir}: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/** There is nothing to bring home: the log was never made, and then that was told, or it was removed under the run's hands. */
function letGo(runDir: string, file: string): void {
  removePointer(runDir);
  if (existsSync(path.join(runDir, LOG_FILE)))
    throw new CodedError(
      'log-not-written',
      `the run log ${file} is gone: somebody removed it while the run went on; what is left is the last copy, in ${runDir}`,
    );
}

/**
 * Copies a log that nobody writes any more into its run directory, and removes it where it was.
 *
 * @throws {CodedError} `log-not-written`: it stays where it is, and is read there
 */
async function bringHome(file: string, runDir: string): Promise<void> {
  try {
    await copyLog(file, path.join(runDir, LOG_FILE));
  } catch (error) {
    throw new CodedError(
      'log-not-written',
      `cannot copy the run log ${file} to ${runDir}: ${messageOf(error)}; the whole log stays in ${file}, and this machine reads it there: make room, then copy it yourself`,
      { cause: error },
    );
  }
  removePointer(runDir);
}
