import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CodedError, messageOf } from '../core/errors.ts';

/** The socket in a run directory. */
const SOCKET_FILE = 'control.sock';

/** The file that says where the socket is when the run directory's path is too long for one: its path, then whose it is. */
const POINTER_FILE = 'control.path';

/** A socket's path has 108 bytes on Linux, 104 on macOS. */
const LONGEST = 100;
const SHORT_PREFIX = 'glompo-';

export interface SocketPlace extends Disposable {
  /** Where to connect. */
  readonly path: string;
}

/**
 * Finds a place for the socket of a run, where nobody but its owner ever could connect: it is made in a directory that only the owner
 * may enter, and leaves that, if at all, when it has its permissions.
 *
 * @param runDir an absolute path
 * @param listen makes the server's one socket at a path; called again elsewhere when that place turns out not to do
 * @throws {CodedError} `run-directory` when nowhere a socket can be made
 */
export async function placeSocket(
  runDir: string,
  listen: (socket: string) => Promise<void>,
): Promise<SocketPlace> {
  removeStale(runDir);
  const failures: string[] = [];
  const ways = [
    () => placeInside(runDir, listen),
    // First where it is sure to stay: XDG_RUNTIME_DIR goes when the user logs out, and the run may not.
    ...[tmpdir(), process.env['XDG_RUNTIME_DIR'], '/tmp']
      .filter((base) => base !== undefined && path.isAbsolute(base))
      .map((base) => () => placeOutside(runDir, base!, listen)),
  ];
  for (const way of ways)
    try {
      return await way();
    } catch (error) {
      failures.push(messageOf(error));
    }
  throw new CodedError('run-directory', `cannot make a control socket: ${failures.join('; ')}`);
}

async function placeInside(runDir: string, listen: (socket: string) => Promise<void>): Promise<SocketPlace> {
  const socket = path.join(runDir, SOCKET_FILE);
  // Checked before anything is made: the name in the private directory is the longer one.
  requireShort(path.join(runDir, '.control-XXXXXX', 's'));
  const hidden = mkdtempSync(path.join(runDir, '.control-'));
  try {
    const made = path.join(hidden, 's');
    await listen(made);
    chmodSync(made, 0o600);
    renameSync(made, socket);
  } finally {
    rmSync(hidden, { recursive: true, force: true });
  }
  const own = identityOf(socket);
  return {
    path: socket,
    [Symbol.dispose]() {
      quietly(() => {
        // A run that has begun here meanwhile has a socket of its own.
        if (identityOf(socket) === own) unlinkSync(socket);
      });
    },
  };
}

async function placeOutside(
  runDir: string,
  base: string,
  listen: (socket: string) => Promise<void>,
): Promise<SocketPlace> {
  requireShort(path.join(base, `${SHORT_PREFIX}XXXXXX`, SOCKET_FILE));
  const directory = mkdtempSync(path.join(base, SHORT_PREFIX));
  const socket = path.join(directory, SOCKET_FILE);
  const pointer = path.join(runDir, POINTER_FILE);
  const content = `${socket}\n${identityOf(runDir)}\n`;
  const remove = (): void => {
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await listen(socket);
    chmodSync(socket, 0o600);
    writeFileSync(`${pointer}.new`, content, { mode: 0o600 });
    renameSync(`${pointer}.new`, pointer);
  } catch (error) {
    remove();
    throw error;
  }
  return {
    path: socket,
    [Symbol.dispose]() {
      quietly(remove);
      quietly(() => {
        if (readFileSync(pointer, 'utf8') === content) unlinkSync(pointer);
      });
    },
  };
}

/**
 * Where the socket of the run in a directory would be.
 *
 * @returns undefined when there is none
 */
export function findSocket(runDir: string): string | undefined {
  const socket = path.join(path.resolve(runDir), SOCKET_FILE);
  if (isSocket(socket)) {
    // We may have come here by a longer way than the run did.
    const near = path.relative(process.cwd(), socket);
    return Buffer.byteLength(near) < Buffer.byteLength(socket) ? near : socket;
  }
  const elsewhere = readPointer(runDir);
  return elsewhere !== undefined && isSocket(elsewhere) ? elsewhere : undefined;
}

/** What a dead run left. Only to be called when no run is live there. */
function removeStale(runDir: string): void {
  const elsewhere = readPointer(runDir);
  if (elsewhere !== undefined && isSocket(elsewhere))
    quietly(() => {
      unlinkSync(elsewhere);
      rmdirSync(path.dirname(elsewhere));
    });
  rmSync(path.join(runDir, POINTER_FILE), { force: true });
  rmSync(path.join(runDir, SOCKET_FILE), { force: true });
}

/** The file may be a copy, made with the directory while the run was live: then it means that other run, and is not followed. */
function readPointer(runDir: string): string | undefined {
  try {
    const [socket = '', owner] = readFileSync(path.join(runDir, POINTER_FILE), 'utf8').split('\n');
    const [directory, file] = [path.basename(path.dirname(socket)), path.basename(socket)];
    const isOurs = path.isAbsolute(socket) && directory.startsWith(SHORT_PREFIX) && file === SOCKET_FILE;
    return isOurs && owner === identityOf(runDir) ? socket : undefined;
  } catch {
    return undefined;
  }
}

function requireShort(socket: string): void {
  const length = Buffer.byteLength(socket);
  if (length > LONGEST)
    throw new Error(`${path.dirname(path.dirname(socket))} is too long a path for a socket`);
}

function isSocket(file: string): boolean {
  try {
    return lstatSync(file).isSocket();
  } catch {
    return false;
  }
}

/** Tells a file or directory from all others of this machine, its copies included; the same after it was moved. */
function identityOf(file: string): string {
  const { dev, ino } = statSync(file, { bigint: true });
  return `${dev}:${ino}`;
}

function quietly(remove: () => void): void {
  try {
    remove();
  } catch {
    // It is gone already, or the next run here removes it.
  }
}
