import { findRendezvous, readRendezvous } from '../backends/cluster/rendezvous.ts';
import { CodedError } from '../core/errors.ts';
import type { Meeting } from './meeting.ts';
import { startRemoteWorker } from './remote-worker.ts';

/** How long the one with the pool is looked for. */
const MEET_SECONDS = 120;
/** How long this stays when that one is gone: all are gone ten seconds after it. */
const LINGER_SECONDS = 9;

/**
 * Does the calls of the pool of rank 0 until that is closed.
 *
 * @param slots how many side by side
 * @throws {CodedError} `engine-unusable` when rank 0 is not found, or is gone without a word
 */
export async function servePool({ file, key }: Meeting, slots: number): Promise<void> {
  const signal = AbortSignal.timeout(1000 * MEET_SECONDS);
  let said = '';
  for (;;) {
    const found = await readRendezvous(file, { launchKey: key, signal });
    if (!found)
      throw new CodedError(
        'engine-unusable',
        `rank 0 was not found within ${MEET_SECONDS} s by ${file}, which it writes when it comes to pool.main(): ` +
          `see that it does, and that this directory is one that all machines see, or name such a one: new Pool({ rendezvous: dir })${said}`,
      );
    await using worker = startRemoteWorker({
      connection: () => findRendezvous(file, key),
      slots,
      lingerSeconds: LINGER_SECONDS,
      onMessage: (message) => {
        said = `; the last that was heard: ${message}`;
      },
    });
    const end = await worker.ended;
    if (end.kind === 'refused')
      throw new CodedError(
        'engine-unusable',
        `rank 0 cannot use this process: ${end.differences.join('; ')}; start the same program with the same Node.js everywhere`,
      );
    if (end.kind !== 'alone') return;
    if (worker.wasWelcome)
      throw new CodedError(
        'engine-unusable',
        `rank 0 was not heard of for ${LINGER_SECONDS} s and is given up: see whether it was ended, or computes without a pause, which keeps it from answering${said}`,
      );
    // The file is of an earlier start, perhaps, of the same key.
  }
}
