import { existsSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { plainToYaml } from '../config/write.ts';
import { makeDirectory } from '../core/directories.ts';
import { CodedError, messageOf } from '../core/errors.ts';
import { filesOfLog, placeOfLog } from '../log/place.ts';
import { type Report, reportOf } from '../views/report/report.ts';

/** @param turn awaited now and then while a long log is read */
export async function makeReport(
  directory: string,
  turn: () => Promise<unknown> = nextTurn,
): Promise<Report> {
  return reportOf(directory, { settings: plainToYaml, at: Date.now(), turn });
}

/** Where the report of a run is; beside a log that is a file of its own. */
export function reportFileOf(directory: string): string {
  return statSync(directory, { throwIfNoEntry: false })?.isFile()
    ? path.resolve(`${directory}.report.html`)
    : path.resolve(directory, 'report.html');
}

/**
 * A file that is to be written.
 *
 * @param overwrite whether it may take the place of another one
 * @throws {CodedError} `usage`
 */
export function targetFile(file: string, directory: string, overwrite: boolean): string {
  if (!existsSync(file)) return path.resolve(file);
  if (!overwrite) throw usage(`${file} exists; --overwrite replaces it`);
  const found = realpathSync(file);
  if (!statSync(found).isFile()) throw usage(`${file} is not a file`);
  const place = placeOfLog(directory).file;
  const logs = [place, ...filesOfLog(path.dirname(place))]
    .filter((one) => existsSync(one))
    .map((one) => realpathSync(one));
  if (logs.includes(found)) throw usage(`${file} is the run log itself`);
  return found;
}

/**
 * Under another name until it is whole, so that nobody sees a part of it.
 *
 * @throws {CodedError} `usage` when it cannot be written there
 */
export function writeWhole(file: string, content: string | Uint8Array): void {
  const unfinished = `${file}.${process.pid}.part`;
  try {
    makeDirectory(path.dirname(file));
    writeFileSync(unfinished, content);
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw new CodedError('usage', `cannot write ${file}: ${messageOf(error)}`, { cause: error });
  }
}

function usage(message: string): CodedError {
  return new CodedError('usage', message);
}
