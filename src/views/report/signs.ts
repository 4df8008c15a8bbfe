import { clip } from '../../core/errors.ts';
import type { Mark, OptimizerCard } from '../story/frame.ts';
import { escaped } from './escape.ts';
import { paint } from './paint.ts';
import { type Place, widthOf } from './plot.ts';

type End = OptimizerCard['status'] | 'started';

const WORDS: readonly (readonly [Exclude<End, 'running'>, string])[] = [
  ['started', 'started'],
  ['killed', 'killed'],
  ['converged', 'converged'],
  ['stopped', 'stopped'],
  ['crashed', 'crashed'],
];

/** How signs are coloured, and their outlines around a place, for a size: drawn, since a machine's fonts may lack them. */
const SIGNS: Readonly<
  Record<Exclude<End, 'running'>, { readonly look: string; readonly outline: (size: number) => string }>
> = {
  started: { look: paint({ stroke: 'started' }), outline: (size) => circle(0.7 * size) },
  killed: {
    look: paint({ stroke: 'killed' }),
    outline: (size) => `m${-size} ${-size}l${2 * size} ${2 * size}m${-2 * size} 0l${2 * size} ${-2 * size}`,
  },
  converged: { look: paint({ fill: 'converged' }), outline: circle },
  stopped: {
    look: paint({ fill: 'stopped' }),
    outline: (size) => `m${-0.75 * size} ${-0.75 * size}h${1.5 * size}v${1.5 * size}h${-1.5 * size}z`,
  },
  crashed: {
    look: paint({ fill: 'crashed' }),
    outline: (size) => `m0 ${-1.25 * size}l${1.25 * size} ${2.25 * size}h${-2.5 * size}z`,
  },
};

function circle(radius: number): string {
  const [r, width] = [Number(radius.toFixed(2)), Number((2 * radius).toFixed(2))];
  return `m${-r} 0a${r} ${r} 0 1 0 ${width} 0a${r} ${r} 0 1 0 ${-width} 0`;
}

/** Of so many optimizers the signs would hide the lines: they are smaller. */
const MANY = 120;

/** Where an optimizer began or ended. */
export interface EndPlace {
  readonly end: End;
  readonly x: number;
  readonly y: number;
}

/** All of a kind are one path, as there may be thousands; those that cover each other are drawn once. */
export function endSigns(places: readonly EndPlace[]): string {
  return WORDS.map(([end]) => {
    const { outline, look } = SIGNS[end];
    const isSmall = places.length > 2 * MANY;
    const sign = outline(isSmall ? 2 : 4);
    const dots = new Set(
      places.filter((place) => place.end === end).map(({ x, y }) => `M${Math.round(x)} ${Math.round(y)}`),
    );
    return dots.size === 0
      ? ''
      : `<path d="${Array.from(dots, (dot) => dot + sign).join('')}"${look} stroke-width="${end === 'killed' && !isSmall ? 2 : 1}"/>`;
  }).join('');
}

/** So close that texts beside them would cover each other. */
const CLOSE = 13;

/**
 * Marks of the whole run as lines from top to bottom; points that others were shown as ticks at the bottom. Those that are at the same place are
 * drawn once.
 *
 * @param at where a mark is on the axis
 * @param hasText whether they say what they are, where there is room
 */
export function markLines(
  marks: readonly Mark[],
  { x, box }: Place,
  at: (mark: Mark) => number,
  hasText = true,
): string {
  const seen = new Set<string>();
  let lastText = -Infinity;
  return marks
    .filter(({ type }) => type !== 'credits-lost' && type !== 'stop-optimizer')
    .map((mark) => {
      const place = Math.round(x(at(mark)));
      const key = `${mark.type} ${place}`;
      if (!(place >= box.left && place <= box.right + 1) || seen.has(key)) return '';
      seen.add(key);
      if (mark.type === 'inject')
        return `<path d="M${place} ${box.bottom - 7}l4 7h-8z"${paint({ fill: 'inject' })}/>`;
      const colour = mark.type === 'host-crashed' || mark.type === 'run-failed' ? 'crashed' : 'soft';
      const hasRoom = hasText && place - lastText >= CLOSE;
      if (hasRoom) lastText = place;
      // Beside the line, on the side where the plot is.
      const side = place + CLOSE > box.right ? place - 4 : place + 11;
      const text = hasRoom
        ? `<text transform="translate(${side} ${box.top + 4}) rotate(-90)" text-anchor="end" font-size="10" paint-order="stroke" stroke-width="3"${paint({ fill: 'soft', stroke: 'ground' })}>${escaped(mark.type)}</text>`
        : '';
      return `<path d="M${place} ${box.top}V${box.bottom}" stroke-dasharray="3 4"${paint({ stroke: colour })}/>${text}`;
    })
    .join('');
}

/** A sign and what it stands for. */
export interface Entry {
  /** At 0, 0, not higher than a line of text. */
  readonly sign: string;
  readonly text: string;
}

const LINE = 18;

/** Entries beside each other, in as many lines as they need. */
export function legend(
  entries: readonly Entry[],
  left: number,
  width: number,
): { readonly content: string; readonly height: number } {
  let [x, line] = [left, 0];
  const parts = entries.map(({ sign, text }) => {
    const room = 24 + widthOf(text) + 14;
    if (x > left && x + room > width) [x, line] = [left, line + 1];
    const part = `<g transform="translate(${x} ${LINE * (line + 0.5)})">${sign}<text x="18" y="4"${paint({ fill: 'soft' })}>${escaped(text)}</text></g>`;
    x += room;
    return part;
  });
  return { content: parts.join(''), height: entries.length === 0 ? 0 : LINE * (line + 1) };
}

/** What stands in the legend of a plot with these optimizers and marks. */
export function endEntries(optimizers: readonly OptimizerCard[]): readonly Entry[] {
  const ends = new Set<End>(['started', ...optimizers.map(({ status }) => status)]);
  return WORDS.filter(([end]) => ends.has(end)).map(([end, text]) => ({
    sign: endSigns([{ end, x: 6, y: 0 }]),
    text,
  }));
}

export function markEntries(marks: readonly Mark[]): readonly Entry[] {
  return marks.some(({ type }) => type === 'inject')
    ? [{ sign: `<path d="M6 -4l4 7h-8z"${paint({ fill: 'inject' })}/>`, text: 'point shown to others' }]
    : [];
}

/** The best of the run. */
export const BEST_ENTRY: Entry = {
  sign: `<path d="M-1 0h14" stroke-width="2"${paint({ stroke: 'ink' })}/>`,
  text: 'best of the run',
};

/** The colours of the types, where there are several. */
export function typeEntries(
  optimizers: readonly OptimizerCard[],
  colour: (optimizer: OptimizerCard) => string,
): readonly Entry[] {
  const byType = new Map(optimizers.map((one) => [one.type, one]));
  if (byType.size < 2) return [];
  return [...byType]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, one]) => ({
      sign: `<path d="M-1 0h14" stroke-width="2" fill="none" stroke="${colour(one)}"/>`,
      text: clip(type, 40),
    }));
}
