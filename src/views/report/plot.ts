import { clip } from '../../core/errors.ts';
import { type AxisOptions, scaleOf, ticksOf } from './axis.ts';
import { escaped } from './escape.ts';
import { paint } from './paint.ts';
import type { Scale } from './path.ts';

/** The part of a picture that is within its axes. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What is drawn in a plot is given its scales, and where it may draw. */
export interface Place {
  readonly x: Scale;
  readonly y: Scale;
  readonly box: Box;
}

export interface PanelOptions {
  /** Of all of it, labels included. */
  readonly width: number;
  readonly height: number;
  readonly x: AxisOptions;
  readonly y: AxisOptions;
  readonly title?: string;
  /** Room for what the ticks of `y` say. @default as much as they need */
  readonly left?: number;
  readonly draw: (place: Place) => string;
}

/** Of DejaVu Sans, the wider of the usual ones. */
const LETTER = 6.7;
const FONT = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

/** About how wide a text is at 11 dots. */
export function widthOf(text: string): number {
  return LETTER * text.length;
}

/** A text on a plot, with an ellipsis where there is no room for all of it. */
export function fitted(text: string, width: number): string {
  const most = Math.max(2, Math.floor(width / LETTER));
  return clip(text, most);
}

/** Axes with what is drawn between them. Its own corner is at 0, 0. */
export function panel({ width, height, x, y, title, left, draw }: PanelOptions): string {
  const top = title === undefined ? 10 : 26;
  const bottom = height - (x.label === '' ? 22 : 40);
  const yTicks = ticksOf(y, Math.max(3, (bottom - top) / 36));
  const gutter =
    left ?? Math.max(34, ...yTicks.map(({ text }) => widthOf(text) + 10)) + (y.label === '' ? 0 : 18);
  const box: Box = { left: gutter, top, right: width - 14, bottom };
  const place: Place = {
    x: scaleOf(x, [box.left, box.right]),
    y: scaleOf(y, [box.bottom, box.top]),
    box,
  };
  return [
    ...(title === undefined
      ? []
      : [
          `<text x="${box.left}" y="16" font-weight="600"${paint({ fill: 'ink' })}>${escaped(fitted(title, 1.05 * (width - gutter)))}</text>`,
        ]),
    ...yTicks.map(({ at, text }) => yTick(place, at, text)),
    ...ticksOf(x, Math.max(2, (box.right - box.left) / 90)).map(({ at, text }) => xTick(place, at, text)),
    `<text x="${(box.left + box.right) / 2}" y="${height - 6}" text-anchor="middle"${paint({ fill: 'soft' })}>${escaped(x.label)}</text>`,
    `<text transform="translate(12 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle"${paint({ fill: 'soft' })}>${escaped(fitted(y.label, bottom - top + 20))}</text>`,
    clipped(box, draw(place)),
    `<path d="M${box.left} ${top}V${bottom}H${box.right}"${paint({ stroke: 'soft' })}/>`,
  ].join('');
}

function yTick({ y, box }: Place, at: number, text: string): string {
  const place = Math.round(10 * y(at)) / 10;
  if (!(place >= box.top - 0.5 && place <= box.bottom + 0.5)) return '';
  return `<path d="M${box.left} ${place}H${box.right}"${paint({ stroke: 'line' })}/><text x="${box.left - 6}" y="${place + 4}" text-anchor="end"${paint({ fill: 'soft' })}>${escaped(text)}</text>`;
}

function xTick({ x, box }: Place, at: number, text: string): string {
  const place = Math.round(10 * x(at)) / 10;
  if (!(place >= box.left - 0.5 && place <= box.right + 0.5)) return '';
  // The last one's text ends with the picture.
  const anchor = place + widthOf(text) / 2 > box.right + 12 ? 'end' : 'middle';
  return `<path d="M${place} ${box.top}V${box.bottom + 4}"${paint({ stroke: 'line' })}/><text x="${anchor === 'end' ? box.right + 12 : place}" y="${box.bottom + 16}" text-anchor="${anchor}"${paint({ fill: 'soft' })}>${escaped(text)}</text>`;
}

/** By a picture within the picture: clip paths have ids, which are to be unique in a page. */
function clipped({ left, top, right, bottom }: Box, content: string): string {
  const [x, y, width, height] = [left - 5, top - 5, right - left + 10, bottom - top + 10];
  return `<svg x="${x}" y="${y}" width="${width}" height="${height}" viewBox="${x} ${y} ${width} ${height}" overflow="hidden">${content}</svg>`;
}

export function moved(x: number, y: number, content: string): string {
  return `<g transform="translate(${x} ${y})">${content}</g>`;
}

/** A whole picture, which can stand alone. */
export function picture(width: number, height: number, title: string, content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${FONT}" font-size="11"><title>${escaped(title)}</title><rect width="${width}" height="${height}"${paint({ fill: 'ground' })}/>${content}</svg>`;
}
