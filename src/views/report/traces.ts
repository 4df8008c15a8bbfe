import { colouring } from '../story/colours.ts';
import type { OptimizerCard } from '../story/frame.ts';
import { INCUMBENT } from '../story/moment.ts';
import type { Picture } from '../story/picture.ts';
import { paint } from './paint.ts';
import { rangeOf } from './parallel.ts';
import { linePath, stepPath, strokes } from './path.ts';
import { moved, panel, picture } from './plot.ts';
import { count } from '../story/words.ts';

/** Of an optimizer, or of the run, the calls at which its points are looked up. */
export interface TraceTrack {
  readonly id: number;
  readonly calls: readonly number[];
}

/** So many points are looked up at the most, */
const MOST_POINTS = 2400;
/** of so many optimizers, the best ones, */
const MOST_TRACKS = 40;
/** and so many parameters have a plot. */
const MOST_PLOTS = 30;

const COLUMNS = 3;
const HEIGHT = 150;

/** Of the run, and of its best optimizers, the calls of the best values as it went on: as many as there is room for. */
export function traceTracks({ calls, optimizers }: Picture): readonly TraceTrack[] {
  const best = [...optimizers.values()]
    .filter((one) => one.best !== null)
    .toSorted((a, b) => a.best! - b.best!)
    .slice(0, MOST_TRACKS);
  const tracks = [INCUMBENT, ...best.map(({ id }) => id)].map((id) => ({
    id,
    calls: bestCalls(calls.tracks.get(id) ?? []),
  }));
  const all = tracks.reduce((sum, track) => sum + track.calls.length, 0);
  const stride = Math.max(1, Math.ceil(all / MOST_POINTS));
  return tracks.map((track) => ({
    id: track.id,
    // The last of each, which is where it came to, is always among them.
    calls: track.calls.filter((_, i) => (track.calls.length - 1 - i) % stride === 0),
  }));
}

/** Whose points the plots have. */
export function tracesOf({ optimizers }: Picture): string {
  return optimizers.size > MOST_TRACKS ? `the ${MOST_TRACKS} best optimizers` : 'each optimizer';
}

/** Of each bucket the call with the least value. */
function bestCalls(points: readonly number[]): readonly number[] {
  const calls: number[] = [];
  for (let i = 0; i < points.length; i += 4)
    calls.push(points[i + 1]! <= points[i + 3]! ? points[i]! : points[i + 2]!);
  return calls;
}

/**
 * A small plot for each free parameter: its value over the evaluations, at the best points of each optimizer.
 *
 * @returns `undefined` when there is nothing to draw
 */
export function tracesPlot(
  of: Picture,
  tracks: readonly TraceTrack[],
  points: ReadonlyMap<number, Float64Array>,
  width = 900,
): string | undefined {
  const free = of.facts.parameters.flatMap((parameter, index) =>
    parameter.kind === 'free' ? [{ parameter, index }] : [],
  );
  // A single point is no line.
  const drawn = tracks.filter(({ id, calls }) => calls.length > (id === INCUMBENT ? 0 : 1));
  if (free.length === 0 || drawn.length === 0) return undefined;
  const colour = colouring(Array.from(of.optimizers.values(), ({ type }) => type));
  const colourOf = (optimizer: OptimizerCard | undefined): string =>
    optimizer ? colour(optimizer) : '#888888';
  const shown = free.slice(0, MOST_PLOTS);
  const columns = Math.min(COLUMNS, shown.length);
  const plotWidth = width / columns;
  const plots = shown.map(({ parameter, index }, i) => {
    const series = drawn.map(({ id, calls }) => ({
      id,
      values: calls.flatMap((call) => [call, points.get(call)?.[index] ?? NaN]),
    }));
    const range = rangeOf(
      parameter,
      series.flatMap(({ values }) => values.filter((_, k) => k % 2 === 1)),
    );
    const isLog = parameter.scale === 'log' && range[0] > 0;
    const content = panel({
      width: plotWidth,
      height: HEIGHT,
      title: parameter.name,
      x: { range: [0, 1.01 * Math.max(1, of.read.calls)], label: '' },
      y: { range, kind: isLog ? 'log' : 'linear', label: '' },
      draw: ({ x, y }) =>
        strokes(
          series
            .filter(({ id }) => id !== INCUMBENT)
            .map(({ id, values }) => [colourOf(of.optimizers.get(id)), linePath(values, x, y)]),
          ' stroke-opacity="0.75"',
        ) +
        series
          .filter(({ id }) => id === INCUMBENT)
          .map(
            ({ values }) =>
              `<path d="${stepPath(values, x, y, x(of.read.calls))}"${paint({ stroke: 'ink' })} stroke-width="1.8"/>`,
          )
          .join(''),
    });
    return moved((i % columns) * plotWidth, Math.floor(i / columns) * HEIGHT, content);
  });
  const cut =
    free.length > MOST_PLOTS
      ? `the first ${MOST_PLOTS} of ${free.length} free parameters`
      : 'free parameters';
  return picture(
    width,
    HEIGHT * Math.ceil(shown.length / columns),
    `Values of the ${cut} at the best points of ${tracesOf(of)}, over ${count(of.read.calls)} evaluations`,
    plots.join(''),
  );
}
