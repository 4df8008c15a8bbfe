import { colouring } from '../story/colours.ts';
import type { Moment, OptimizerCard } from '../story/frame.ts';
import { type Lane, lanesOf } from '../story/lanes.ts';
import { averageLoad, marksAt, NOW, optimizersAt } from '../story/moment.ts';
import type { Picture } from '../story/picture.ts';
import { paint } from './paint.ts';
import { moved, panel, picture, type Place, widthOf } from './plot.ts';
import { endSigns, markLines } from './signs.ts';
import { counted, duration, percent } from '../story/words.ts';

const LOAD_HEIGHT = 150;

/** Room for what the ticks say: the same for both plots, so that their times are above each other. */
const LEFT = 66;

/** Which optimizer had which slots when, and how much of the slots' time went into evaluations. */
export function slotsPlot(of: Picture, width = 900): string {
  const { lanes, count } = lanesOf(optimizersAt(of, NOW));
  const height = Math.min(620, Math.max(150, 66 + 24 * Math.max(count, of.facts.slots)));
  const title = `${counted(lanes.length, 'optimizer')} in ${counted(of.facts.slots, 'slot')} over ${duration(of.run.time)}; ${percent(averageLoad(of, NOW))} of their time went into evaluations`;
  return picture(
    width,
    height + LOAD_HEIGHT,
    title,
    slotsPanel(of, { width, height }) + moved(0, height, loadPanel(of, { width, height: LOAD_HEIGHT })),
  );
}

interface SlotsOptions {
  readonly until?: Moment;
  readonly width: number;
  readonly height: number;
}

/** The optimizers in their slots, for whoever puts several plots into one picture. */
export function slotsPanel(of: Picture, { until = NOW, width, height }: SlotsOptions): string {
  const now = Math.min(until.time, of.run.time);
  const { lanes, count } = lanesOf(optimizersAt(of, until));
  // Those of the whole run, so that nothing moves in a film.
  const all = Math.max(
    1,
    until.call === Infinity ? count : lanesOf(optimizersAt(of, NOW)).count,
    of.facts.slots,
  );
  const colour = colouring(Array.from(of.optimizers.values(), ({ type }) => type));
  return panel({
    width,
    height,
    title: 'Slots',
    left: LEFT,
    x: timeAxis(of),
    y: {
      range: [0, all],
      label: 'slots',
      ticks: middlesOf(all, height),
      format: (middle) => String(Math.ceil(all - middle)),
    },
    draw: (place) => {
      const bars = lanes.map((lane) => barOf(lane, place, all, now));
      return [
        bars.length === 0 ? '' : rectangles(bars, colour),
        ...bars.map(nameOf),
        endSigns(
          bars.flatMap((bar) =>
            bar.isNamed && bar.isOver ? [{ end: bar.optimizer.status, x: bar.right - 8, y: bar.middle }] : [],
          ),
        ),
        markLines(
          marksAt(of, until).filter(({ type }) => type !== 'inject'),
          place,
          ({ time }) => time,
          // It would be upon the optimizers.
          false,
        ),
      ].join('');
    },
  });
}

function timeAxis(of: Picture): {
  readonly range: readonly [number, number];
  readonly label: string;
  readonly kind: 'time';
} {
  return { range: [0, 1.01 * Math.max(1, of.run.time)], label: 'time of the run', kind: 'time' };
}

/** Of the lanes that have a number: of as many as there is room for. */
function middlesOf(lanes: number, height: number): readonly number[] {
  const stride = Math.ceil(lanes / Math.max(1, (height - 66) / 16));
  return Array.from({ length: Math.ceil(lanes / stride) }, (_, i) => lanes - i * stride - 0.5);
}

interface Bar {
  readonly optimizer: OptimizerCard;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly height: number;
  readonly middle: number;
  /** Its name and the sign of its end have room. */
  readonly isNamed: boolean;
  readonly isOver: boolean;
}

function barOf({ optimizer, first }: Lane, { x, y }: Place, all: number, now: number): Bar {
  const { id, started, ended, workers } = optimizer;
  const left = x(Math.min(started.time, now));
  const right = Math.max(left + 1, x(Math.min(ended?.time ?? now, now)));
  const [top, bottom] = [y(all - first), y(all - first - workers)];
  const gap = Math.min(2, 0.15 * (bottom - top));
  const height = bottom - top - 2 * gap;
  return {
    optimizer,
    left,
    right,
    top: top + gap,
    height,
    middle: (top + bottom) / 2,
    isNamed: height >= 12 && right - left > widthOf(String(id)) + 24,
    isOver: ended !== null && ended.time <= now,
  };
}

/** One path a colour, as there may be thousands. */
function rectangles(bars: readonly Bar[], colour: (optimizer: OptimizerCard) => string): string {
  const byColour = Map.groupBy(bars, ({ optimizer }) => colour(optimizer));
  return Array.from(byColour, ([one, alike]) => {
    const d = alike.map(
      ({ left, right, top, height }) =>
        `M${left.toFixed(1)} ${top.toFixed(1)}h${(right - left).toFixed(1)}v${height.toFixed(1)}H${left.toFixed(1)}z`,
    );
    return `<path d="${d.join('')}" fill="${one}" fill-opacity="0.3" stroke="${one}" stroke-width="0.8"/>`;
  }).join('');
}

function nameOf({ optimizer: { id }, isNamed, left, middle }: Bar): string {
  return isNamed
    ? `<text x="${(left + 4).toFixed(1)}" y="${(middle + 4).toFixed(1)}"${paint({ fill: 'ink' })}>${id}</text>`
    : '';
}

/** As many as a glance tells apart. */
const MOST_BINS = 256;

function loadPanel(of: Picture, { width, height }: SlotsOptions): string {
  const bins = sharesOf(of);
  const top = Math.max(1, ...bins.map(({ share }) => 1.02 * share));
  return panel({
    width,
    height,
    title: 'Utilisation',
    left: LEFT,
    x: timeAxis(of),
    y: { range: [0, top], label: 'evaluating', format: percent },
    draw: ({ x, y }) => {
      if (bins.length === 0) return '';
      const steps = bins
        .map(({ from, to, share }) => `L${x(from).toFixed(1)} ${y(share).toFixed(1)}H${x(to).toFixed(1)}`)
        .join('');
      const ground = y(0).toFixed(1);
      return `<path d="M${x(0).toFixed(1)} ${ground}${steps}V${ground}Z" fill-opacity="0.25"${paint({ fill: 'accent', stroke: 'accent' })}/>`;
    },
  });
}

interface Bin {
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

function sharesOf({ load: { width, values }, facts: { slots }, run }: Picture): readonly Bin[] {
  const together = Math.max(1, Math.ceil(values.length / MOST_BINS));
  const bins: Bin[] = [];
  for (let first = 0; first < values.length; first += together) {
    const from = first * width;
    const to = Math.min((first + together) * width, run.time);
    if (to <= from) break;
    const busy = values.slice(first, first + together).reduce((sum, value) => sum + value, 0);
    bins.push({ from, to, share: busy / ((to - from) * slots) });
  }
  return bins;
}
