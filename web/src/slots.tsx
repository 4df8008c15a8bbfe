import { useState } from 'preact/hooks';
import type { Moment, OptimizerCard } from '../../src/views/story/frame.ts';
import { lanesOf } from '../../src/views/story/lanes.ts';
import { averageLoad, marksAt, optimizersAt } from '../../src/views/story/moment.ts';
import type { Picture } from '../../src/views/story/picture.ts';
import { Chart, type Pen, type Range } from './chart.tsx';
import { colours, drawMarks, ENDS, type Look } from './looks.ts';
import { timeTick } from '../../src/views/story/ticks.ts';
import { duration, percent } from '../../src/views/story/words.ts';

/** Which optimizer had which slots when, and how much of the slots' time went into evaluations. */
export function Slots({
  picture,
  until,
  look,
}: {
  readonly picture: Picture;
  readonly until: Moment;
  readonly look: Look;
}): preact.JSX.Element {
  const [zoom, setZoom] = useState<Range>();
  const range = zoom ?? ([0, 1.01 * Math.max(1, picture.run.time)] as const);
  const now = Math.min(until.time, picture.run.time);
  const { lanes, count } = lanesOf(optimizersAt(picture, until));
  const { slots } = picture.facts;
  const height = Math.max(count, slots);
  const colour = colours(picture);

  const drawLanes = (pen: Pen): void => {
    const { context, at } = pen;
    for (const { optimizer, first } of lanes) {
      const end = Math.min(optimizer.ended?.time ?? now, now);
      const [left, top] = at(Math.min(optimizer.started.time, now), height - first);
      const [right, bottom] = at(end, height - first - optimizer.workers);
      const gap = Math.min(2, 0.15 * (bottom - top));
      context.globalAlpha = look.selected === undefined || look.selected === optimizer.id ? 0.85 : 0.25;
      context.fillStyle = colour(optimizer);
      context.fillRect(left, top + gap, Math.max(1, right - left), bottom - top - 2 * gap);
      context.globalAlpha = 1;
      drawName(pen, optimizer, left, right, top, bottom);
    }
    const marks = marksAt(picture, until).filter(({ type }) => type !== 'inject');
    drawMarks(pen, marks, ({ time }) => time);
  };
  const shares = sharesOf(picture, slots, now);
  const drawLoad = ({ context, at, colour: named, ratio }: Pen): void => {
    context.strokeStyle = named('--accent');
    context.fillStyle = named('--accent');
    context.lineWidth = ratio;
    const [, ground] = at(0, 0);
    context.beginPath();
    context.moveTo(at(0, 0)[0], ground);
    for (const { from, to, share } of shares) {
      const [left, y] = at(from, share);
      const [right] = at(to, share);
      context.lineTo(left, y);
      context.lineTo(right, y);
    }
    context.lineTo(at(shares.at(-1)?.to ?? 0, 0)[0], ground);
    context.globalAlpha = 0.25;
    context.fill();
    context.globalAlpha = 1;
    context.stroke();
  };
  const average = averageLoad(picture, until);
  return (
    <section aria-labelledby="slots-title">
      <h2 id="slots-title">Slots</h2>
      {zoom && (
        <div class="controls">
          <button
            type="button"
            onClick={() => {
              setZoom(undefined);
            }}
          >
            Whole run
          </button>
        </div>
      )}
      <Chart
        label={`Which of ${lanes.length} optimizers had which of ${slots} slots, over ${duration(now)}.`}
        height={Math.min(560, Math.max(160, 70 + 24 * height))}
        x={{ range, label: 'time of the run', format: timeTick, isTime: true }}
        y={{
          range: [0, height],
          label: 'slots',
          ticks: middlesOf(height),
          format: (middle) => String(Math.ceil(height - middle)),
        }}
        draw={drawLanes}
        onZoom={setZoom}
        onPick={({ x, y }) => {
          const lane = height - y;
          const found = lanes.find(
            ({ optimizer: { started, ended, workers }, first }) =>
              started.time <= x && x <= (ended?.time ?? now) && first <= lane && lane < first + workers,
          );
          look.select(found?.optimizer.id);
        }}
      />
      <h3>Utilisation</h3>
      <Chart
        label={`Share of the time of ${slots} slots that went into evaluations: ${percent(average)} on average.`}
        height={160}
        x={{ range, label: 'time of the run', format: timeTick, isTime: true }}
        y={{
          range: [0, Math.max(1, ...shares.map(({ share }) => 1.02 * share))],
          label: 'evaluating',
          format: percent,
        }}
        draw={drawLoad}
        onZoom={setZoom}
      />
      <p class="legend">
        {percent(average)} of the time of{' '}
        {picture.run.cluster ? 'as many slots as there ever were' : 'all slots'} went into evaluations.
        {picture.run.utilisation?.advice.map((advice) => (
          <span key={advice}>{advice}</span>
        ))}
      </p>
    </section>
  );
}

/** Of the lanes that have a number: of as many as there is room for. */
function middlesOf(lanes: number): readonly number[] {
  const stride = Math.ceil(lanes / 20);
  return Array.from({ length: Math.ceil(lanes / stride) }, (_, i) => lanes - i * stride - 0.5);
}

function drawName(
  { context, ratio }: Pen,
  { id, status }: OptimizerCard,
  left: number,
  right: number,
  top: number,
  bottom: number,
): void {
  const size = 10 * ratio;
  if (bottom - top < size + 2) return;
  const sign = ENDS.find((end) => end.status === status)?.sign ?? '';
  const text = `${id} ${sign}`;
  context.font = `${size}px system-ui, sans-serif`;
  if (context.measureText(text).width + 4 * ratio > right - left) return;
  context.fillStyle = '#fff';
  context.fillText(text, left + 3 * ratio, (top + bottom) / 2 + 0.35 * size);
}

/** As many as a glance tells apart. */
const MOST_BINS = 256;

interface Bin {
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

function sharesOf({ load: { width, values } }: Picture, slots: number, now: number): readonly Bin[] {
  const together = Math.max(1, Math.ceil(values.length / MOST_BINS));
  const bins: Bin[] = [];
  for (let first = 0; first < values.length; first += together) {
    const from = first * width;
    const to = Math.min((first + together) * width, now);
    if (to <= from) break;
    const busy = values.slice(first, first + together).reduce((sum, value) => sum + value, 0);
    bins.push({ from, to, share: busy / ((to - from) * slots) });
  }
  return bins;
}
