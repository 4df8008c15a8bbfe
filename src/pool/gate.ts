import { launchOf } from '../core/launch.ts';
import { nextMeeting, type Meeting } from './meeting.ts';
import type { PoolOptions } from './options.ts';

/**
 * Of a program that was started many times, lets one through: that of rank 0, which has the pool. On a cluster the others work for it, and
 * are sent on to their end when it is closed; else they have nothing to do.
 *
 * @param open called for rank 0, where others are going to look for it
 * @returns whether this process is the one that goes on
 * @throws {CodedError} `usage` when the processes cannot find each other, `engine-unusable`
 */
export async function passGate(
  { backend, rendezvous, workers = 1 }: PoolOptions,
  open: (meeting: Meeting) => Promise<void>,
): Promise<boolean> {
  const { rank, size } = launchOf();
  if (backend !== 'cluster' || size === 1) return rank === 0;
  const meeting = nextMeeting(rendezvous);
  if (rank === 0) {
    await open(meeting);
    return true;
  }
  const { servePool } = await import('./serve-pool.ts');
  await servePool(meeting, workers);
  return false;
}
