import { colouring } from '../story/colours.ts';
import type { Moment, OptimizerCard } from '../story/frame.ts';
import { bestHeight, heightScale, type HeightScale } from '../story/height.ts';
import { bestAt, bestSoFar, INCUMBENT, marksAt, NOW, optimizersAt, upTo } from '../story/moment.ts';
import type { Picture } from '../story/picture.ts';
import { paint } from './paint.ts';
import { linePath, type Scale, stepPath, strokes } from './path.ts';
import { moved, panel, picture, type Place } from './plot.ts';
import {
  BEST_ENTRY,
  endEntries,
  type EndPlace,
  endSigns,
  legend,
  markEntries,
  markLines,
  typeEntries,
} from './signs.ts';
import { counted, figure } from '../story/words.ts';

export interface ValuesOptions {
  /** @default calls */
  readonly over?: 'calls' | 'times';
  /** Of each optimizer the best so far. @default all its values */
  readonly isBest?: boolean;
  /** @default the end */
  readonly until?: Moment;
  readonly width?: number;
  readonly height?: number;
}

/** So many values say where a picture's top and bottom are. */
const MOST_SAMPLES = 4000;

/** The values of all optimizers, the best of the run, and what became of them. */
export function valuesPlot(of: Picture, options: ValuesOptions = {}): string {
  const { width = 900, height = 460, isBest = false } = options;
  const optimizers = optimizersAt(of, options.until ?? NOW);
  const colour = colouring(Array.from(of.optimizers.values(), ({ type }) => type));
  const entries = [
    BEST_ENTRY,
    ...endEntries(optimizers),
    ...markEntries(of.marks),
    ...typeEntries([...of.optimizers.values()], colour),
  ];
  const { content, height: below } = legend(entries, 52, width);
  const title = `${isBest ? 'Best values so far' : 'Values'} of ${counted(optimizers.length, 'optimizer')} over ${options.over === 'times' ? 'time' : 'evaluations'}; the best is ${figure(of.run.best?.fx)}`;
  return picture(
    width,
    height + below + 6,
    title,
    valuesPanel(of, { ...options, width, height }) + moved(0, height + 2, content),
  );
}

/** The plot without its legend, for whoever puts several into one picture. Its axes are those of the whole run. */
export function valuesPanel(
  of: Picture,
  { over = 'calls', isBest = false, until = NOW, width = 900, height = 460 }: ValuesOptions,
): string {
  const end = Math.max(1, over === 'calls' ? of.read.calls : of.run.time);
  const cut = over === 'calls' ? until.call : until.time;
  const tracks = tracksOf(of, over, isBest);
  const best = of.run.best?.fx ?? 0;
  const samples = samplesOf(tracks);
  const scale = heightScale(bestHeight(samples, best), samples, best);
  const colour = colouring(Array.from(of.optimizers.values(), ({ type }) => type));
  const optimizers = optimizersAt(of, until);
  return panel({
    width,
    height,
    x: {
      range: [0, 1.01 * end],
      label: over === 'calls' ? 'evaluations' : 'time of the run',
      kind: over === 'calls' ? 'linear' : 'time',
    },
    y: {
      range: scale.range,
      ...(of.run.best ? {} : { ticks: [] }),
      kind: scale.isLog ? 'log' : 'linear',
      label: labelOf(scale, best, isBest),
    },
    draw: (place) => {
      const y: Scale = (value) => place.y(scale.of(value));
      const shown = optimizers.flatMap((optimizer) => {
        const points = upTo(tracks.get(optimizer.id) ?? [], cut);
        return points.length > 0 ? [{ optimizer, points }] : [];
      });
      const lines = shown.map(({ optimizer, points }): readonly [string, string] => [
        colour(optimizer),
        (isBest ? stepPath : linePath)(points, place.x, y),
      ]);
      return [
        `<g stroke-opacity="0.75" stroke-linejoin="round">${strokes(lines)}</g>`,
        markLines(marksAt(of, until), place, (mark) => (over === 'calls' ? mark.call : mark.time)),
        incumbent(of, over, until, place, y),
        of.run.best ? '' : nothing(place),
        endSigns(shown.flatMap(({ optimizer, points }) => endsOf(optimizer, points, place.x, y))),
      ].join('');
    },
  });
}

function nothing({ box }: Place): string {
  return `<text x="${(box.left + box.right) / 2}" y="${(box.top + box.bottom) / 2}" text-anchor="middle"${paint({ fill: 'soft' })}>no evaluation has a value</text>`;
}

function labelOf({ height }: HeightScale, best: number, isBest: boolean): string {
  const value = isBest ? 'best value so far' : 'value';
  return height === 'gap' ? `${value}, above ${figure(best)}` : value;
}

function tracksOf(
  of: Picture,
  over: 'calls' | 'times',
  isBest: boolean,
): ReadonlyMap<number, readonly number[]> {
  const tracks = [...of[over].tracks].filter(([id]) => id !== INCUMBENT);
  return new Map(tracks.map(([id, points]) => [id, isBest ? bestSoFar(points) : points]));
}

function samplesOf(tracks: ReadonlyMap<number, readonly number[]>): readonly number[] {
  let points = 0;
  for (const track of tracks.values()) points += track.length / 2;
  const stride = 2 * Math.max(1, Math.ceil(points / MOST_SAMPLES));
  const samples: number[] = [];
  for (const track of tracks.values())
    for (let i = 0; i < track.length; i += stride) samples.push(track[i + 1]!);
  return samples;
}

/** Steps, as it stays what it is until something better is found. */
function incumbent(of: Picture, over: 'calls' | 'times', until: Moment, { x, box }: Place, y: Scale): string {
  const cut = over === 'calls' ? until.call : until.time;
  const steps = bestSoFar(upTo(of[over].tracks.get(INCUMBENT) ?? [], cut));
  const end = x(Math.min(cut, over === 'calls' ? of.read.calls : of.run.time));
  const d = stepPath(steps, x, y, Math.min(end, box.right));
  return bestAt(of, until) ? `<path d="${d}" stroke-width="2"${paint({ stroke: 'ink' })}/>` : '';
}

function endsOf(
  { status, ended }: OptimizerCard,
  points: readonly number[],
  x: Scale,
  y: Scale,
): readonly EndPlace[] {
  const start: EndPlace = { end: 'started', x: x(points[0]!), y: y(points[1]!) };
  const end: EndPlace = { end: status, x: x(points.at(-2)!), y: y(points.at(-1)!) };
  return (ended ? [start, end] : [start]).filter((one) => Number.isFinite(one.x) && Number.isFinite(one.y));
}
