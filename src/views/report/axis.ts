import { scaleLinear } from 'd3-scale';
import { logTicks, tick, TIME_STEPS, timeTick } from '../story/ticks.ts';
import type { Scale } from './path.ts';

/** What one side of a plot is. */
export interface AxisOptions {
  readonly range: readonly [number, number];
  readonly label: string;
  /** `time`: in milliseconds. @default linear */
  readonly kind?: 'linear' | 'log' | 'time';
  /** Of the ticks. @default as many digits as tell them apart */
  readonly format?: (value: number) => string;
  /** Where ticks are. @default at round numbers */
  readonly ticks?: readonly number[];
}

interface Tick {
  readonly at: number;
  readonly text: string;
}

/** The largest number that may be added to another as large. */
const LARGEST = Number.MAX_VALUE / 2;

/** @param from where the range begins in the picture, and where it ends */
export function scaleOf({ range, kind }: AxisOptions, [from, to]: readonly [number, number]): Scale {
  const of = kind === 'log' ? (value: number): number => Math.log10(Math.min(value, 1e308)) : limited;
  const [low, high] = [of(range[0]), of(range[1])];
  const width = high - low || 1;
  return (value) => from + ((of(value) - low) / width) * (to - from);
}

function limited(value: number): number {
  return Math.max(-LARGEST, Math.min(LARGEST, value));
}

/** @param most about as many as there is room for */
export function ticksOf(
  { range, kind = 'linear', format, ticks }: AxisOptions,
  most: number,
): readonly Tick[] {
  const places = ticks ?? placesOf(kind, range, most);
  const texts = format ? places.map(format) : kind === 'time' ? places.map(timeTick) : distinct(places);
  return places.map((at, i) => ({ at, text: texts[i]! }));
}

function placesOf(
  kind: 'linear' | 'log' | 'time',
  range: readonly [number, number],
  most: number,
): readonly number[] {
  // Without end there would be ticks without end.
  if (kind === 'log') return every(logTicks([range[0], Math.min(range[1], 1e308)], most), most);
  const [low, high] = [limited(range[0]), limited(range[1])];
  if (kind === 'linear') return scaleLinear([low, high], [0, 1]).ticks(most);
  const step =
    TIME_STEPS.find((one) => high / one <= most) ??
    TIME_STEPS.at(-1)! * Math.ceil(high / most / TIME_STEPS.at(-1)!);
  return Array.from({ length: Math.floor(high / step) + 1 }, (_, i) => i * step);
}

/** One of so many, where there are more than there is room for. */
function every(places: readonly number[], most: number): readonly number[] {
  const stride = Math.ceil(places.length / Math.max(2, most));
  return places.filter((_, i) => i % stride === 0);
}

/** Values that differ in their last digits alone have texts that differ. */
function distinct(places: readonly number[]): readonly string[] {
  const texts = places.map(tick);
  for (let digits = 7; new Set(texts).size < texts.length && digits <= 17; digits++)
    places.forEach((place, i) => {
      texts[i] = String(Number(place.toPrecision(digits)));
    });
  return texts;
}
