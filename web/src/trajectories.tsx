import { useState } from 'preact/hooks';
import { bestHeight, type Height, heightScale, type HeightScale } from '../../src/views/story/height.ts';
import type { Mark, Moment, OptimizerCard } from '../../src/views/story/frame.ts';
import { bestAt, bestSoFar, INCUMBENT, marksAt, optimizersAt, upTo } from '../../src/views/story/moment.ts';
import type { Picture } from '../../src/views/story/picture.ts';
import { fetchZoom } from './api.ts';
import { Chart, type Pen, type Place, type Range } from './chart.tsx';
import { Choice } from './controls.tsx';
import { stageOf, useFetched } from './fetched.ts';
import { colours, drawEnd, drawMarks, ENDS, type Look } from './looks.ts';
import { timeTick } from '../../src/views/story/ticks.ts';
import { count, duration, figure } from '../../src/views/story/words.ts';

interface Props {
  readonly picture: Picture;
  readonly until: Moment;
  readonly look: Look;
}

type Tracks = ReadonlyMap<number, readonly number[]>;

/** So many values say where a picture's top and bottom are. */
const MOST_SAMPLES = 4000;

export function Trajectories({ picture, until, look }: Props): preact.JSX.Element {
  const [kind, setKind] = useState<'calls' | 'times'>('calls');
  const [chosen, setHeight] = useState<Height | 'auto'>('auto');
  const [isBest, setBest] = useState(false);
  const [hasMarks, setMarks] = useState(true);
  const [zoom, setZoom] = useState<Range>();
  const [hover, setHover] = useState<Hover>();
  const zoomed = useZoom(kind, zoom, picture.read.calls);

  const end = kind === 'calls' ? Math.max(1, picture.read.calls) : Math.max(1, picture.run.time);
  const full: Range = [0, 1.01 * end];
  const range = zoom ?? full;
  const cut = kind === 'calls' ? until.call : until.time;
  const tracks = tracksOf(zoomed ?? picture[kind].tracks, cut, isBest);
  const optimizers = optimizersAt(picture, until);
  const bestValue = bestAt(picture, until)?.fx;
  const best = bestValue ?? 0;
  const samples = samplesOf(tracks, range);
  const height = chosen === 'auto' ? bestHeight(samples, best) : chosen;
  const scale = heightScale(height, samples, best);
  const colour = colours(picture);

  const draw = (pen: Pen): void => {
    if (hasMarks) drawMarks(pen, marksAt(picture, until), kind === 'calls' ? callOf : timeOf);
    drawTracks(pen, tracks, optimizers, scale, colour, look.selected);
    drawIncumbent(pen, picture[kind].tracks.get(INCUMBENT) ?? [], cut, scale);
    if (hasMarks) drawEnds(pen, tracks, optimizers, scale, look.selected);
    if (Number.isFinite(cut)) drawNow(pen, cut);
  };
  const find = (place: Place | undefined): Hover | undefined =>
    place && nearest(place, tracks, scale, optimizers);

  return (
    <section aria-labelledby="values-title">
      <h2 id="values-title">Values</h2>
      <div class="controls">
        <Choice
          label="over"
          value={kind}
          choices={{ calls: 'evaluations', times: 'time' }}
          onChange={(next) => {
            setZoom(undefined);
            setKind(next);
          }}
        />
        <Choice
          label="scale"
          value={chosen}
          choices={{ auto: 'automatic', linear: 'linear', log: 'logarithmic', gap: 'distance to the best' }}
          onChange={setHeight}
        />
        <label>
          <input
            type="checkbox"
            checked={isBest}
            onChange={() => {
              setBest(!isBest);
            }}
          />{' '}
          best so far
        </label>
        <label>
          <input
            type="checkbox"
            checked={hasMarks}
            onChange={() => {
              setMarks(!hasMarks);
            }}
          />{' '}
          marks
        </label>
        {zoom && (
          <button
            type="button"
            onClick={() => {
              setZoom(undefined);
            }}
          >
            Whole run
          </button>
        )}
      </div>
      <div class="over">
        <Chart
          label={`Values of ${optimizers.length} optimizers over ${kind === 'calls' ? `${count(picture.read.calls)} evaluations` : duration(picture.run.time)}; ${bestValue === undefined ? 'none is feasible' : `the best is ${figure(best)}`}. The table of optimizers has the figures.`}
          height={420}
          x={{
            range,
            label: kind === 'calls' ? 'evaluations' : 'time of the run',
            ...(kind === 'times' ? { format: timeTick, isTime: true } : {}),
          }}
          y={{
            range: scale.range,
            isLog: scale.isLog,
            label: height === 'gap' ? `value above ${figure(best)}` : 'value',
          }}
          draw={draw}
          onZoom={([from, to]) => {
            // A part of one call, or of a millisecond, has nothing in it.
            if (to - from >= 2) setZoom([from, to]);
          }}
          onPoint={(place) => {
            setHover(find(place));
          }}
          onPick={(place) => {
            const found = find(place);
            look.select(found && found.optimizer.id !== look.selected ? found.optimizer.id : undefined);
          }}
        />
        {hover && (
          <div class="tip" style={{ left: `${hover.left}px`, top: `${hover.top}px` }}>
            optimizer {hover.optimizer.id}, {hover.optimizer.type}
            <br />
            {kind === 'calls' ? `call ${count(Math.round(hover.at))}` : duration(hover.at)}:{' '}
            {figure(hover.fx)}
          </div>
        )}
      </div>
      <p class="legend">
        <span class="swatch incumbent" /> best of the run
        {ENDS.map(({ status, sign, word }) => (
          <span key={status}>
            <b class={`sign ${status}`} aria-hidden="true">
              {sign}
            </b>{' '}
            {word}
          </span>
        ))}
        <span>
          <b class="sign" aria-hidden="true">
            ┊
          </b>{' '}
          checkpoint, pause, resumption
        </span>
        <span>
          <b class="sign inject" aria-hidden="true">
            ▴
          </b>{' '}
          point shown to others
        </span>
        <span class="hint">Drag to see a part of it; click a line to follow its optimizer.</span>
      </p>
    </section>
  );
}

/** The part of the log that a range covers, as finely as the screen; nothing while it is on its way. */
function useZoom(kind: 'calls' | 'times', zoom: Range | undefined, calls: number): Tracks | undefined {
  const what = zoom ? `${kind} ${zoom.join()}` : '';
  const { answer } = useFetched(what, stageOf(calls), async (signal) => {
    const { tracks } = zoom
      ? await fetchZoom(kind, Math.max(0, zoom[0]), zoom[1], signal)
      : { tracks: undefined };
    return tracks && new Map(tracks.map(({ id, points }) => [id, points]));
  });
  return answer;
}

function tracksOf(tracks: Tracks, cut: number, isBest: boolean): Tracks {
  const shown = new Map<number, readonly number[]>();
  for (const [id, points] of tracks) {
    if (id === INCUMBENT) continue;
    const part = upTo(points, cut);
    if (part.length > 0) shown.set(id, isBest ? bestSoFar(part) : part);
  }
  return shown;
}

function samplesOf(tracks: Tracks, [from, to]: Range): readonly number[] {
  let points = 0;
  for (const track of tracks.values()) points += track.length / 2;
  const stride = 2 * Math.max(1, Math.ceil(points / MOST_SAMPLES));
  const samples: number[] = [];
  for (const track of tracks.values())
    for (let i = 0; i < track.length; i += stride)
      if (track[i]! >= from && track[i]! <= to) samples.push(track[i + 1]!);
  return samples;
}

function drawTracks(
  { context, at, ratio }: Pen,
  tracks: Tracks,
  optimizers: readonly OptimizerCard[],
  scale: HeightScale,
  colour: (optimizer: OptimizerCard) => string,
  selected: number | undefined,
): void {
  context.lineJoin = 'round';
  const last = (one: OptimizerCard): number => (one.id === selected ? 1 : 0);
  for (const optimizer of optimizers.toSorted((a, b) => last(a) - last(b))) {
    const points = tracks.get(optimizer.id);
    if (!points) continue;
    const isSelected = optimizer.id === selected;
    context.globalAlpha = selected === undefined ? 0.75 : isSelected ? 1 : 0.15;
    context.lineWidth = (isSelected ? 2.5 : 1) * ratio;
    context.strokeStyle = colour(optimizer);
    context.beginPath();
    for (let i = 0; i < points.length; i += 2) {
      const [x, y] = at(points[i]!, scale.of(points[i + 1]!));
      if (i === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** Steps, as it stays what it is until something better is found. */
function drawIncumbent(
  { context, at, ratio, colour, box }: Pen,
  points: readonly number[],
  cut: number,
  scale: HeightScale,
): void {
  const steps = bestSoFar(upTo(points, cut));
  if (steps.length === 0) return;
  context.strokeStyle = colour('--ink');
  context.lineWidth = 2 * ratio;
  context.beginPath();
  let y = 0;
  for (let i = 0; i < steps.length; i += 2) {
    const [x, next] = at(steps[i]!, scale.of(steps[i + 1]!));
    if (i === 0) context.moveTo(x, next);
    else {
      context.lineTo(x, y);
      context.lineTo(x, next);
    }
    y = next;
  }
  const [end] = at(Number.isFinite(cut) ? cut : Number.MAX_SAFE_INTEGER, 1);
  context.lineTo(Math.min(end, box.left + box.width), y);
  context.stroke();
}

function drawEnds(
  pen: Pen,
  tracks: Tracks,
  optimizers: readonly OptimizerCard[],
  scale: HeightScale,
  selected: number | undefined,
): void {
  // Thousands of them would cover what they are about.
  const size = Math.min(4, Math.max(1.2, 60 / Math.sqrt(optimizers.length)));
  for (const optimizer of optimizers) {
    const points = tracks.get(optimizer.id);
    if (!points || points.length === 0) continue;
    pen.context.globalAlpha = selected === undefined || optimizer.id === selected ? 1 : 0.2;
    const [x0, y0] = pen.at(points[0]!, scale.of(points[1]!));
    if (optimizers.length < 500) drawEnd(pen, 'started', x0, y0, size);
    if (!optimizer.ended) continue;
    const [x, y] = pen.at(points.at(-2)!, scale.of(points.at(-1)!));
    drawEnd(pen, optimizer.status, x, y, size);
  }
  pen.context.globalAlpha = 1;
}

function drawNow({ context, at, box, colour, ratio }: Pen, cut: number): void {
  const [x] = at(cut, 1);
  context.strokeStyle = colour('--accent');
  context.lineWidth = ratio;
  context.beginPath();
  context.moveTo(x, box.top);
  context.lineTo(x, box.top + box.height);
  context.stroke();
}

function callOf({ call }: Mark): number {
  return call;
}

function timeOf({ time }: Mark): number {
  return time;
}

interface Hover {
  readonly optimizer: OptimizerCard;
  readonly at: number;
  readonly fx: number;
  readonly left: number;
  readonly top: number;
}

/** In pixels: farther away nothing is meant. */
const REACH = 24;

function nearest(
  { left, top, toPixels }: Place,
  tracks: Tracks,
  scale: HeightScale,
  optimizers: readonly OptimizerCard[],
): Hover | undefined {
  let found: Hover | undefined;
  let least = REACH ** 2;
  for (const optimizer of optimizers) {
    const points = tracks.get(optimizer.id) ?? [];
    for (let i = 0; i < points.length; i += 2) {
      const [x, y] = toPixels(points[i]!, scale.of(points[i + 1]!));
      const distance = (x - left) ** 2 + (y - top) ** 2;
      if (distance >= least) continue;
      least = distance;
      found = { optimizer, at: points[i]!, fx: points[i + 1]!, left: x, top: y };
    }
  }
  return found;
}
