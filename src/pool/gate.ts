import { type Launch, launchOf } from '../core/launch.ts';

/**
 * Of a program that was started many times, lets one through: that of rank 0, which has the pool. The others have nothing to do here, and are
 * sent on to their end.
 *
 * @returns whether this process is the one that goes on
 */
export async function passGate(launch: Launch = launchOf()): Promise<boolean> {
  return await Promise.resolve(launch.rank === 0);
}
