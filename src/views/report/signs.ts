import { clip } from '../../core/errors.ts';
import type { Mark, OptimizerCard } from '../story/frame.ts';
import { escaped } from './escape.ts';
import { paint } from './paint.ts';
import { type Place, widthOf } from './plot.ts';

export type End = OptimizerCard['status'] | 'started';

const WORDS: readonly (readonly [End, string])[] = [
  ['started', 'started'],
  ['killed', 'killed'],
  ['converged', 'converged'],
  ['stopped', 'stopped'],
  ['crashed', 'crashed'],
];

/** Where an optimizer began or ended: drawn, since a machine's fonts may lack the signs. */
export function endSign(end: End, x: number, y: number): string {
  const at = `${x.toFixed(1)} ${y.toFixed(1)}`;
  switch (end) {
    case 'killed':
      return `<path d="M${at}m-4 -4l8 8m-8 0l8 -8" stroke-width="2"${paint({ stroke: 'killed' })}/>`;
    case 'converged':
      return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="4"${paint({ fill: 'converged' })}/>`;
    case 'started':
      return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="2.8"${paint({ stroke: 'started' })}/>`;
    case 'crashed':
      return `<path d="M${at}m0 -5l5 9h-10z"${paint({ fill: 'crashed' })}/>`;
    case 'stopped':
      return `<path d="M${at}m-3.3 -3.3h6.6v6.6h-6.6z"${paint({ fill: 'stopped' })}/>`;
    case 'running':
      return '';
  }
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
        ? `<text transform="translate(${side} ${box.top + 4}) rotate(-90)" text-anchor="end" font-size="10"${paint({ fill: 'soft' })}>${escaped(mark.type)}</text>`
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
  return WORDS.filter(([end]) => ends.has(end)).map(([end, text]) => ({ sign: endSign(end, 6, 0), text }));
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
