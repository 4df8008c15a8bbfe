import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import path from 'node:path';
import { makeDirectory } from '../../core/directories.ts';

const FOLDER = /^nats-[0-9a-f]{8}$/;
/** Says who started the server, so that others can see whether it is still there. */
const OWNER = 'owner';
const LOOK_MS = 1000;

/** Makes a folder for the files of a server, which nobody else can read. */
export function folderFor(dir: string): string {
  makeDirectory(dir);
  const folder = path.join(dir, `nats-${randomBytes(4).toString('hex')}`);
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(path.join(folder, OWNER), ownerOf(process.pid), { mode: 0o600 });
  return folder;
}

/** A server writes to a file where it listens, as soon as it does. */
export function portIn(folder: string): number | undefined {
  const file = readdirSync(folder).find((name) => name.endsWith('.ports'));
  const url = file === undefined ? undefined : /:(\d+)"/.exec(readFileSync(path.join(folder, file), 'utf8'));
  return url ? Number(url[1]) : undefined;
}

/**
 * Removes what servers left in a directory whose processes were killed, with the tokens in there. What belongs to another machine, which may see
 * the same directory, stays; so does what cannot be removed.
 */
export async function removeLeftovers(dir: string): Promise<void> {
  for (const name of namesIn(dir)) {
    const folder = path.join(dir, name);
    try {
      if (await isLeft(folder)) rmSync(folder, { recursive: true, force: true });
    } catch {
      // Somebody else's, or being removed by somebody else.
    }
  }
}

function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir).filter((name) => FOLDER.test(name));
  } catch {
    return [];
  }
}

/** The process that started it is gone, and nothing answers: numbers of processes may be those of a container. */
async function isLeft(folder: string): Promise<boolean> {
  const owner = readFileSync(path.join(folder, OWNER), 'utf8');
  const pid = Number(owner.split(' ')[0]);
  if (owner !== ownerOf(pid) || isThere(pid)) return false;
  const port = portIn(folder);
  return port === undefined || !(await answers(port));
}

function ownerOf(pid: number): string {
  return `${pid} ${hostname()}\n`;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

function answers(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ port, host: '127.0.0.1', timeout: LOOK_MS });
  socket.once('connect', () => {
    resolve(true);
  });
  // Somebody who does not answer may be busy.
  socket.once('timeout', () => {
    resolve(true);
  });
  socket.once('error', () => {
    resolve(false);
  });
  return promise.finally(() => {
    socket.destroy();
  });
}
