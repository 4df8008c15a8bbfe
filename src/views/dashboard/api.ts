import { setImmediate as turn } from 'node:timers/promises';
import type { RunStory } from '../story/story.ts';
import { Axis } from '../story/axis.ts';
import type { AxisPatch, Frame, Trace } from '../story/frame.ts';
import type { FollowedRow } from '../../log/follower.ts';
import type { LogLookups } from '../../log/lookups.ts';

/** So many points are looked up at the most for one picture. */
const MOST_POINTS = 4000;

/** A zoomed picture has columns for as many pixels. */
const ZOOM_COLUMNS = 2000;

/** So many evaluations are gone through at once: others are answered in between. */
const CALLS_AT_ONCE = 10_000;

/**
 * A part of an axis as finely as a screen shows it.
 *
 * @param signal says that nobody wants it any more
 */
export async function zoomOf(
  story: RunStory,
  log: LogLookups,
  kind: 'calls' | 'times',
  from: number,
  to: number,
  signal?: AbortSignal,
): Promise<AxisPatch> {
  const axis = new Axis((to - from) / ZOOM_COLUMNS);
  const calls =
    kind === 'calls' ? { from: Math.floor(from), to: Math.ceil(to) } : story.callsWithin(from, to);
  const visit = ([call, optimizer, fx, startedAt, durationMs]: FollowedRow): void => {
    const at = kind === 'calls' ? call : story.timeOf(startedAt + durationMs);
    if (fx === null || at < from || at > to) return;
    // Columns are counted from where it begins.
    axis.add(optimizer, at - from, fx, 1);
  };
  const last = Math.min(calls.to, story.calls);
  for (let first = calls.from; first <= last; first += CALLS_AT_ONCE) {
    signal?.throwIfAborted();
    log.rows(first, Math.min(last, first + CALLS_AT_ONCE - 1), visit);
    await turn();
  }
  const patch = axis.patch(0);
  const tracks = patch.tracks.map(({ points, ...track }) => ({
    ...track,
    points: points.map((number, i) => (i % 2 === 0 ? number + from : number)),
  }));
  return { ...patch, tracks };
}

/** @param index of the parameter */
export function traceOf(frame: Frame, names: readonly string[], log: LogLookups, index: number): Trace {
  const tracks = frame.calls.tracks.map(({ id, points }) => ({ id, calls: bestCalls(points) }));
  const all = tracks.reduce((sum, { calls }) => sum + calls.length, 0);
  const stride = Math.max(1, Math.ceil(all / MOST_POINTS));
  const thinned = tracks.map(({ id, calls }) => ({
    id,
    // The last of each, which is where it came to, is always among them.
    calls: calls.filter((_, i) => (calls.length - 1 - i) % stride === 0),
  }));
  const points = log.points(new Set(thinned.flatMap(({ calls }) => calls)));
  return {
    parameter: names[index]!,
    tracks: thinned.map(({ id, calls }) => ({
      id,
      points: calls
        .flatMap((call) => [call, points.get(call)?.[index] ?? NaN])
        .filter((_, i, list) => !Number.isNaN(list[i | 1])),
    })),
  };
}

/** Of each bucket the call with the least value. */
function bestCalls(points: readonly number[]): readonly number[] {
  const calls: number[] = [];
  for (let i = 0; i < points.length; i += 4)
    calls.push(points[i + 1]! <= points[i + 3]! ? points[i]! : points[i + 2]!);
  return calls;
}
