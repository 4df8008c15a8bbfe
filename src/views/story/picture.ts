import type {
  AxisPatch,
  BestEntry,
  FactsCard,
  Frame,
  ListPatch,
  Mark,
  OptimizerCard,
  RunCard,
} from './frame.ts';

/** Tracks along one axis: four numbers a bucket, see `TrackPatch`. */
interface AxisPicture {
  width: number;
  readonly tracks: Map<number, number[]>;
}

/** All that frames told of a run, put together. */
export interface Picture {
  run: RunCard;
  facts: FactsCard;
  read: Frame['read'];
  readonly optimizers: Map<number, OptimizerCard>;
  readonly calls: AxisPicture;
  readonly times: AxisPicture;
  /** When which call was, one a column of the calls' axis. */
  readonly clock: number[];
  /** How many calls up to the end of each column of the calls' axis used no budget; none at all: none did. */
  readonly uncounted: number[];
  readonly load: { width: number; readonly values: number[] };
  readonly marks: Mark[];
  best: readonly BestEntry[];
}

/**
 * Takes a frame into a picture, which changes.
 *
 * @param picture `undefined` before the first frame
 * @returns the picture; another one when what came before is void
 */
export function applyFrame(picture: Picture | undefined, frame: Frame): Picture {
  const into = frame.isWhole || !picture ? blank(frame) : picture;
  into.run = frame.run;
  into.read = frame.read;
  if (frame.facts) into.facts = frame.facts;
  if (frame.best) into.best = frame.best;
  for (const optimizer of frame.optimizers) into.optimizers.set(optimizer.id, optimizer);
  applyAxis(into.calls, frame.calls);
  applyAxis(into.times, frame.times);
  applyList(into.clock, frame.clock);
  applyList(into.uncounted, frame.uncounted);
  applyList(into.load.values, frame.load);
  into.load.width = frame.load.width;
  into.marks.length = Math.min(into.marks.length, frame.marks.from);
  into.marks.push(...frame.marks.marks);
  return into;
}

function blank({ run, facts, read }: Frame): Picture {
  if (!facts) throw new Error('the first frame says what the run is');
  return {
    run,
    facts,
    read,
    optimizers: new Map(),
    calls: { width: 1, tracks: new Map() },
    times: { width: 1, tracks: new Map() },
    clock: [],
    uncounted: [],
    load: { width: 1, values: [] },
    marks: [],
    best: [],
  };
}

function applyAxis(axis: AxisPicture, patch: AxisPatch): void {
  if (patch.isWhole) axis.tracks.clear();
  axis.width = patch.width;
  for (const { id, from, points } of patch.tracks) {
    const track = axis.tracks.get(id) ?? [];
    track.length = Math.min(track.length, 4 * from);
    track.push(...points);
    axis.tracks.set(id, track);
  }
}

function applyList(list: number[], { from, values }: ListPatch): void {
  list.length = Math.min(list.length, from);
  list.push(...values);
}
