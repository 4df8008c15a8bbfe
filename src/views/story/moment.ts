import type { BestEntry, Mark, Moment, OptimizerCard } from './frame.ts';
import type { Picture } from './picture.ts';

/** The id of the track of the run's best. */
export const INCUMBENT = 0;

/** The end of a picture, as a moment after all that is in it. */
export const NOW: Moment = { call: Infinity, time: Infinity };

/** When a call was, as nearly as the picture knows. */
export function momentOf({ clock, calls, read }: Picture, call: number): Moment {
  if (call >= read.calls) return NOW;
  const column = Math.floor(call / calls.width);
  const [from, to] = [clock[column - 1] ?? 0, clock[column] ?? clock.at(-1) ?? 0];
  const part = (call - column * calls.width) / calls.width;
  return { call, time: from + part * (to - from) };
}

/** How many evaluations had used the budget by then, as nearly as the picture knows: exactly at the end of each column. */
export function evaluationsAt({ uncounted, calls: { width }, read, run }: Picture, until: Moment): number {
  if (until.call === Infinity) return run.evaluations;
  const call = Math.floor(until.call);
  const column = Math.floor(call / width);
  const [from, to] = [uncounted[column - 1] ?? 0, uncounted[column] ?? 0];
  // There is no call 0, and the last column may not be full.
  const first = Math.max(1, column * width);
  const end = Math.min((column + 1) * width, read.calls + 1);
  return call - Math.round(from + ((call - first + 1) / Math.max(1, end - first)) * (to - from));
}

/** The optimizers that had been started by then, as they were. */
export function optimizersAt({ optimizers, calls }: Picture, until: Moment): readonly OptimizerCard[] {
  const all = [...optimizers.values()];
  if (until.call === Infinity) return all;
  return (
    all
      // By calls alone: when a call was is known only nearly.
      .filter(({ started }) => started.call <= until.call)
      .map((one) => {
        const isOver = one.ended !== null && one.ended.call <= until.call;
        if (isOver) return one;
        const track = upTo(calls.tracks.get(one.id) ?? [], until.call);
        const best = lowest(track);
        return {
          ...one,
          status: 'running' as const,
          ended: null,
          best: best?.value ?? null,
          bestCall: best?.at ?? null,
          current: track.at(-1) ?? null,
        };
      })
  );
}

/** The best evaluation by then. */
export function bestAt(picture: Picture, until: Moment): BestEntry | null {
  if (until.call === Infinity) return picture.run.best;
  const { tracks } = picture.calls;
  const found = lowest(upTo(tracks.get(INCUMBENT) ?? [], until.call));
  if (!found) return null;
  const holder = [...tracks].find(([id, points]) => id !== INCUMBENT && hasPoint(points, found.at));
  const { time } = momentOf(picture, found.at);
  return { fx: found.value, call: found.at, optimizer: holder?.[0] ?? 0, time };
}

function hasPoint(points: readonly number[], at: number): boolean {
  return points.some((position, i) => i % 2 === 0 && position === at);
}

export function marksAt({ marks }: Picture, until: Moment): readonly Mark[] {
  return until.call === Infinity ? marks : marks.filter(({ call }) => call <= until.call);
}

/**
 * How many slots there are, and the part of their time that went into evaluations. Of workers that come and go those count that are there now,
 * and the time for which they were, as everywhere else where a run is shown; who was there at an earlier call is not known.
 */
export function slotsAt(picture: Picture, until: Moment): { readonly all: number; readonly share: number } {
  const { run, facts } = picture;
  const { manager } = facts.config as { readonly manager?: { readonly reproducible?: boolean } };
  const goesByWorkers = until.call === Infinity && manager?.reproducible !== true;
  const { cluster, utilisation, state } = run;
  return {
    all: goesByWorkers && cluster && state === 'running' ? cluster.slots : facts.slots,
    share: goesByWorkers && cluster && utilisation ? utilisation.share : averageLoad(picture, until),
  };
}

/** The part of the time of all slots that went into evaluations by then; 0 to 1. */
export function averageLoad(
  { load: { width, values }, facts: { slots }, run }: Picture,
  until: Moment,
): number {
  const now = Math.min(until.time, run.time);
  const busy = values.slice(0, Math.ceil(now / width)).reduce((sum, value) => sum + value, 0);
  return now > 0 ? Math.min(1, busy / (slots * now)) : 0;
}

/** The points of a track that are not after `at`: position, value, position, value, …. */
export function upTo(points: readonly number[], at: number): readonly number[] {
  if (points.length === 0 || points.at(-2)! <= at) return points;
  let [low, high] = [0, points.length / 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[2 * middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return points.slice(0, 2 * low);
}

/** A track as the least of all that came before. */
export function bestSoFar(points: readonly number[]): readonly number[] {
  const out: number[] = [];
  let best = Infinity;
  for (let i = 0; i < points.length; i += 2) {
    const value = points[i + 1]!;
    if (value < best) best = value;
    else if (i < points.length - 2) continue;
    out.push(points[i]!, best);
  }
  return out;
}

function lowest(points: readonly number[]): { readonly at: number; readonly value: number } | undefined {
  let found: { at: number; value: number } | undefined;
  for (let i = 0; i < points.length; i += 2)
    if (!found || points[i + 1]! < found.value) found = { at: points[i]!, value: points[i + 1]! };
  return found;
}
