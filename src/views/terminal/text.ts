import stringWidth from 'string-width';
import { printable } from '../format.ts';

/** How many columns a text takes: a Chinese character takes two, a combining accent none. */
export function widthOf(text: string): number {
  return isPlain(text) ? text.length : stringWidth(text);
}

/** Whatever a text holds, on one line on which it controls nothing: names of plug-ins and messages of tasks are anybody's. */
export function oneLine(text: string): string {
  return printable(text.toWellFormed()).replaceAll(/[\t\n]+/g, ' ');
}

/** A text that takes no more columns than there are, with a sign that it goes on. */
export function cut(text: string, columns: number, ellipsis: string): string {
  if (widthOf(text) <= columns) return text;
  if (columns < 1) return '';
  return `${first(text, columns - 1)}${ellipsis}`;
}

export function pad(text: string, columns: number, side: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, columns - widthOf(text)));
  return side === 'left' ? text + blanks : blanks + text;
}

/** A text on a few lines, all but the first indented; the last one is cut. */
export function wrap(text: string, columns: number, most: number, ellipsis: string): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (lines.length < most - 1) {
    const room = columns - (lines.length > 0 ? 2 : 0);
    if (room < 8 || widthOf(rest) <= room) break;
    const head = first(rest, room);
    // At a blank, if there is one that leaves the line worth its place.
    const blank = head.lastIndexOf(' ');
    const taken = blank > head.length / 2 ? head.slice(0, blank) : head;
    lines.push(taken);
    rest = rest.slice(taken.length).trimStart();
  }
  return [...lines, rest].map((line, i) => cut(i > 0 ? `  ${line}` : line, columns, ellipsis));
}

/** Puts as many pieces on a line as fit, and goes on on the next. */
export function flow(pieces: readonly string[], columns: number, ellipsis: string): readonly string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const joined = lines.length > 0 ? `${lines.at(-1)}  ${piece}` : piece;
    if (lines.length > 0 && widthOf(joined) <= columns) lines[lines.length - 1] = joined;
    else lines.push(cut(piece, columns, ellipsis));
  }
  return lines;
}

/** As much of a text as fits: characters stay whole, whatever they are made of. */
function first(text: string, columns: number): string {
  if (isPlain(text)) return text.slice(0, columns);
  let left = columns;
  let end = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    left -= stringWidth(segment);
    if (left < 0) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}

const graphemes = new Intl.Segmenter();

/** Most texts are in ASCII, whose widths nobody has to look up. */
function isPlain(text: string): boolean {
  return /^[ -~]*$/.test(text);
}
