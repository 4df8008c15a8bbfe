import { CodedError } from '../core/errors.ts';
import { launchOf } from '../core/launch.ts';
import { nextMeeting, type Meeting } from './meeting.ts';
import type { PoolOptions } from './options.ts';

/** The pool that the processes of this launch work for. */
let met: object | undefined;

/**
 * Of a program that was started many times, lets one through: that of rank 0, which has the pool. On a cluster the others work for it, and
 * are sent on to their end when it is closed; else they have nothing to do.
 *
 * @param pool of which it is
 * @param open called for rank 0, where others are going to look for it
 * @returns whether this process is the one that goes on
 * @throws {CodedError} `usage` when the processes cannot find each other, or work for another pool; `engine-unusable`
 */
export async function passGate(
  pool: object,
  { backend, rendezvous, workers = 1 }: PoolOptions,
  open: (meeting: Meeting) => Promise<void>,
): Promise<boolean> {
  const { rank, size } = launchOf();
  if (backend !== 'cluster' || size === 1) return rank === 0;
  if (met && met !== pool)
    throw new CodedError(
      'usage',
      'pool.main(): another pool of this program has the other processes, and this one would wait for them for ever; close that one before, or use it for both',
    );
  const meeting = nextMeeting(rendezvous);
  met = pool;
  try {
    if (rank === 0) {
      await open(meeting);
      return true;
    }
    const { servePool } = await import('./serve-pool.ts');
    await servePool(meeting, workers);
    leaveGate(pool);
    return false;
  } catch (error) {
    leaveGate(pool);
    throw error;
  }
}

/** A pool is closed: those who worked for it can work for another one. */
export function leaveGate(pool: object): void {
  if (met === pool) met = undefined;
}
