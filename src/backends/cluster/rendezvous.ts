import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { CodedError, messageOf } from '../../core/errors.ts';
import type { ClusterConnection } from './contract.ts';

const VERSION = 1;
const LOOK_MS = 100;
const OTHERS = 0o077;

/** How workers find the engine of a run: a file that its manager writes, on a disk that all of them see. */
export interface Rendezvous {
  readonly runId: string;
  readonly epoch: number;
  /** With its token. */
  readonly connection: ClusterConnection;
  /** The same for all processes that were started together: the file of an earlier start is not theirs. */
  readonly launchKey: string;
}

export interface ReadOptions {
  readonly launchKey: string;
  /** Aborted to give up. */
  readonly signal?: AbortSignal | undefined;
}

/** Writes it so that nobody else can read it, and nobody reads half of it. */
export async function writeRendezvous(file: string, rendezvous: Rendezvous): Promise<void> {
  const { runId, epoch, connection, launchKey } = rendezvous;
  const text = JSON.stringify({ version: VERSION, runId, epoch, connection, launchKey });
  const temporary = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(temporary, `${text}\n`, { mode: 0o600, flag: 'wx' });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new CodedError(
      'engine-unusable',
      `${file}, by which workers find the run, cannot be written: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/**
 * Waits for the file of this start.
 *
 * @returns undefined when it was given up
 * @throws {CodedError} `engine-unusable` when others can read or write it, or its version is unknown
 */
export async function readRendezvous(
  file: string,
  { launchKey, signal }: ReadOptions,
): Promise<Rendezvous | undefined> {
  for (;;) {
    if (signal?.aborted === true) return undefined;
    const found = await readOnce(file);
    if (found?.launchKey === launchKey) return found;
    await delay(LOOK_MS, undefined, signal ? { signal } : {}).catch(() => {});
  }
}

/** Nobody finds the run by it any more. */
export async function removeRendezvous(file: string): Promise<void> {
  await rm(file, { force: true });
}

/**
 * Looks once, and does not wait.
 *
 * @param launchKey whose start it has to be of; of any when not given
 * @throws {CodedError} `engine-unusable` as `readRendezvous`
 */
export async function findRendezvous(file: string, launchKey?: string): Promise<Rendezvous | undefined> {
  const found = await readOnce(file);
  return launchKey === undefined || found?.launchKey === launchKey ? found : undefined;
}

async function readOnce(file: string): Promise<Rendezvous | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw unusable(file, `cannot be read: ${messageOf(error)}`, error);
  }
  try {
    // Of what was opened: the name may stand for another file by now.
    const { mode, uid } = await handle.stat();
    if (process.getuid) {
      if ((mode & OTHERS) !== 0)
        throw unusable(
          file,
          `has mode ${(mode & 0o777).toString(8)}: others may have read the token in it, or written it. See who they are, remove it, and start again`,
        );
      if (uid !== process.getuid())
        throw unusable(file, `belongs to another user (${uid}), whose engine is not asked for work`);
    }
    return parse(file, await handle.readFile('utf8'));
  } finally {
    await handle.close();
  }
}

function parse(file: string, text: string): Rendezvous {
  let told: Partial<Rendezvous & { readonly version: number }> | null;
  try {
    told = JSON.parse(text) as typeof told;
  } catch (error) {
    throw unusable(file, `is not what a manager writes: ${messageOf(error)}`, error);
  }
  if (told === null) throw unusable(file, 'is not what a manager writes: there is nothing in it');
  const { version, runId, epoch, connection, launchKey } = told;
  if (version !== VERSION)
    throw unusable(
      file,
      `is of version ${version}, and this is ${VERSION}: use the same glompo for managers and workers`,
    );
  if (
    typeof runId !== 'string' ||
    typeof epoch !== 'number' ||
    typeof launchKey !== 'string' ||
    !Array.isArray(connection?.servers)
  )
    throw unusable(file, 'is not what a manager writes: something is missing in it');
  return { runId, epoch, connection, launchKey };
}

function unusable(file: string, what: string, cause?: unknown): CodedError {
  return new CodedError('engine-unusable', `${file}, by which workers find the run, ${what}`, { cause });
}
