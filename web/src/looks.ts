import { colouring } from '../../src/views/story/colours.ts';
import type { Mark, OptimizerCard } from '../../src/views/story/frame.ts';
import type { Picture } from '../../src/views/story/picture.ts';
import type { Pen } from './chart.tsx';

/** What is looked at. */
export interface Look {
  /** The optimizer that is followed. */
  readonly selected: number | undefined;
  readonly select: (id: number | undefined) => void;
}

/** The signs by which the ends of optimizers are drawn. */
export const ENDS: readonly {
  readonly status: OptimizerCard['status'] | 'started';
  readonly sign: string;
  readonly word: string;
}[] = [
  { status: 'started', sign: '○', word: 'started' },
  { status: 'killed', sign: '✕', word: 'killed' },
  { status: 'converged', sign: '●', word: 'converged' },
  { status: 'stopped', sign: '■', word: 'stopped' },
  { status: 'crashed', sign: '▲', word: 'crashed' },
];

export function colours({ optimizers }: Picture): (optimizer: OptimizerCard) => string {
  return colouring(Array.from(optimizers.values(), ({ type }) => type));
}

export function drawEnd(
  { context, colour, ratio }: Pen,
  status: OptimizerCard['status'] | 'started',
  x: number,
  y: number,
  pixels = 4,
): void {
  const size = pixels * ratio;
  const ink = colour(`--${status}`);
  context.strokeStyle = ink;
  context.fillStyle = ink;
  context.lineWidth = 0.5 * size;
  context.beginPath();
  switch (status) {
    case 'killed':
      context.moveTo(x - size, y - size);
      context.lineTo(x + size, y + size);
      context.moveTo(x - size, y + size);
      context.lineTo(x + size, y - size);
      context.stroke();
      break;
    case 'converged':
      context.arc(x, y, size, 0, 2 * Math.PI);
      context.fill();
      break;
    case 'started':
      context.lineWidth = ratio;
      context.arc(x, y, 0.7 * size, 0, 2 * Math.PI);
      context.stroke();
      break;
    case 'crashed':
      context.moveTo(x, y - 1.3 * size);
      context.lineTo(x + 1.3 * size, y + size);
      context.lineTo(x - 1.3 * size, y + size);
      context.fill();
      break;
    case 'stopped':
      context.fillRect(x - 0.8 * size, y - 0.8 * size, 1.6 * size, 1.6 * size);
      break;
    case 'running':
  }
}

/** Marks nearer to each other than this, in pixels, have one label. */
const LABEL_WIDTH = 12;

const UNMARKED: ReadonlySet<Mark['type']> = new Set(['credits-lost', 'stop-optimizer']);
const BAD: ReadonlySet<Mark['type']> = new Set(['host-crashed', 'run-failed']);

/**
 * Marks of the whole run are lines from top to bottom; points that others were shown are ticks at the bottom.
 *
 * @param placeOf where on the axis a mark is
 */
export function drawMarks(pen: Pen, marks: readonly Mark[], placeOf: (mark: Mark) => number): void {
  const { at, box, ratio } = pen;
  const shown = marks
    .filter(({ type }) => !UNMARKED.has(type))
    .map((mark) => ({ type: mark.type, x: at(placeOf(mark), 1)[0] }))
    .filter(({ x }) => x >= box.left && x <= box.left + box.width);
  for (const { x } of shown.filter(({ type }) => type === 'inject')) drawTick(pen, x);
  const lines = shown.filter(({ type }) => type !== 'inject').toSorted((a, b) => a.x - b.x);
  let labelled = -Infinity;
  for (const [i, { type, x }] of lines.entries()) {
    drawLine(pen, x, BAD.has(type) ? '--crashed' : '--soft');
    if (x - labelled < LABEL_WIDTH * ratio) continue;
    labelled = x;
    const near = lines.slice(i).filter((line) => line.x - x < LABEL_WIDTH * ratio);
    drawLabel(pen, x, [...new Set(near.map((line) => line.type))].join(', '));
  }
}

function drawTick({ context, colour, box, ratio }: Pen, x: number): void {
  const bottom = box.top + box.height;
  context.fillStyle = colour('--inject');
  context.beginPath();
  context.moveTo(x, bottom - 7 * ratio);
  context.lineTo(x + 4 * ratio, bottom);
  context.lineTo(x - 4 * ratio, bottom);
  context.fill();
}

function drawLine({ context, colour, box, ratio }: Pen, x: number, ink: string): void {
  context.save();
  context.strokeStyle = colour(ink);
  context.setLineDash([3 * ratio, 4 * ratio]);
  context.lineWidth = ratio;
  context.beginPath();
  context.moveTo(x, box.top);
  context.lineTo(x, box.top + box.height);
  context.stroke();
  context.restore();
}

function drawLabel({ context, colour, box, ratio }: Pen, x: number, text: string): void {
  context.save();
  context.fillStyle = colour('--ink');
  context.font = `${10 * ratio}px system-ui, sans-serif`;
  context.translate(x + 3 * ratio, box.top + 4 * ratio);
  context.rotate(Math.PI / 2);
  context.fillText(text, 0, 0);
  context.restore();
}
