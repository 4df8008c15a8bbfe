import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { execa } from 'execa';

/** How a program that was fed, or asked, has ended. */
export interface FedEnd {
  /** There is no such program. */
  readonly isMissing: boolean;
  readonly exitCode: number | undefined;
  readonly stdout: string;
  /** The last that it said. */
  readonly stderr: string;
}

/** How long a program that is to end may take for that. */
const GRACE_MS = 2000;

/** Of what a program says, so much is kept. */
const MOST_TEXT = 20_000;

/**
 * Starts a program, feeds its standard input, and waits for its end. Nothing is interpreted by a shell. It ends with this process.
 *
 * @param argv a name that is looked for on PATH, and its arguments
 * @param chunks as many as it reads: it is not fed faster than that, and no more once it has ended
 * @param signal ends it
 */
export async function feedProgram(
  argv: readonly string[],
  chunks: Iterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<FedEnd> {
  const [name = '', ...rest] = argv;
  const child = execa(name, rest, {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    reject: false,
    forceKillAfterDelay: GRACE_MS,
    // It would rather end than be unread: nothing here says that much.
    maxBuffer: 100 * MOST_TEXT,
    ...(signal ? { cancelSignal: signal } : {}),
  });
  let isOver = false;
  const ended = child.finally(() => {
    isOver = true;
  });
  const { stdin } = child;
  // A program that ends before it has read all is told by how it ended.
  stdin.on('error', () => {});
  const closed = new Promise<void>((resolve) => {
    stdin.once('close', resolve);
  });
  for (const chunk of chunks) {
    if (isOver || signal?.aborted || !stdin.writable) break;
    const isRoom = stdin.write(chunk);
    // Others have a turn in any case, signals among them.
    await (isRoom ? turn() : Promise.race([once(stdin, 'drain').catch(() => {}), closed]));
  }
  stdin.end();
  const { code, exitCode, stdout, stderr } = await ended;
  return { isMissing: code === 'ENOENT', exitCode, stdout, stderr: stderr.slice(-MOST_TEXT) };
}
