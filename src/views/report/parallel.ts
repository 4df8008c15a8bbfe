import { colouring } from '../story/colours.ts';
import type { OptimizerCard, ParameterCard } from '../story/frame.ts';
import type { Picture } from '../story/picture.ts';
import { escaped } from './escape.ts';
import { paint } from './paint.ts';
import { fitted, picture } from './plot.ts';
import { counted, figure } from '../story/words.ts';

/** An evaluation that is a line of the picture. */
export interface Line {
  readonly fx: number;
  readonly call: number;
  readonly optimizer: number;
}

/** As many parameters have room beside each other, and as many lines can be told apart. */
const MOST_RAILS = 40;
const MOST_LINES = 200;

const HEIGHT = 300;
const TOP = 30;

/** The best evaluation of each optimizer, the best first. */
export function bestOfEach({ optimizers }: Picture): readonly Line[] {
  return [...optimizers.values()]
    .flatMap(({ id, best, bestCall }) =>
      best === null || bestCall === null ? [] : [{ fx: best, call: bestCall, optimizer: id }],
    )
    .toSorted((a, b) => a.fx - b.fx)
    .slice(0, MOST_LINES);
}

/**
 * Evaluations as lines through their values of all parameters that are not fixed, side by side.
 *
 * @param lines the best first
 * @param points of their calls
 * @returns `undefined` when there is nothing to draw
 */
export function parallelPlot(
  of: Picture,
  lines: readonly Line[],
  points: ReadonlyMap<number, Float64Array>,
  what: string,
  width = 900,
): string | undefined {
  const all = of.facts.parameters.flatMap((parameter, index) =>
    parameter.kind === 'fixed' ? [] : [{ parameter, index }],
  );
  const shown = lines.filter(({ call }) => points.has(call));
  if (all.length === 0 || shown.length === 0) return undefined;
  const step = (width - 40) / Math.min(all.length, MOST_RAILS);
  const rails = all.slice(0, MOST_RAILS).map(({ parameter, index }, i): Rail => {
    const values = shown.map(({ call }) => points.get(call)![index]!);
    return { parameter, index, range: rangeOf(parameter, values), x: 20 + (i + 0.5) * step };
  });
  const isNarrow = step < 62;
  const colour = colouring(Array.from(of.optimizers.values(), ({ type }) => type));
  const drawn = shown.toReversed().map(({ call, optimizer }, i) => {
    const d = rails.map((rail) => `${rail.x.toFixed(1)} ${heightOf(rail, points.get(call)![rail.index]!)}`);
    const isBest = i === shown.length - 1;
    return `<path d="M${d.join('L')}" stroke-width="${isBest ? 2.5 : 1}"${isBest ? paint({ stroke: 'ink' }) : ` fill="none" stroke-opacity="0.7" stroke="${strokeOf(of.optimizers.get(optimizer), colour)}"`}/>`;
  });
  const cut = all.length > MOST_RAILS ? `; the first ${MOST_RAILS} of ${all.length} parameters` : '';
  const title = `${what}: ${counted(shown.length, 'evaluation')} as lines through their values of ${counted(all.length, 'parameter')}${cut}`;
  return picture(
    width,
    TOP + HEIGHT + (isNarrow ? 96 : 46),
    title,
    rails.map((rail) => railOf(rail, step, isNarrow)).join('') + drawn.join(''),
  );
}

interface Rail {
  readonly parameter: ParameterCard;
  readonly index: number;
  readonly range: readonly [number, number];
  readonly x: number;
}

function railOf({ parameter, range, x }: Rail, step: number, isNarrow: boolean): string {
  const at = x.toFixed(1);
  const [top, bottom] = [TOP, TOP + HEIGHT];
  const line = `<path d="M${at} ${top}V${bottom}"${paint({ stroke: 'line' })} stroke-width="2"/>`;
  const soft = paint({ fill: 'soft' });
  const name = escaped(fitted(parameter.name, isNarrow ? 76 : step - 8));
  if (isNarrow)
    return `${line}<text transform="translate(${(x + 4).toFixed(1)} ${bottom + 12}) rotate(-90)" text-anchor="end"${paint({ fill: 'ink' })}>${name}</text>`;
  return `${line}<text x="${at}" y="${top - 8}" text-anchor="middle"${soft}>${figure(range[1], 4)}</text><text x="${at}" y="${bottom + 16}" text-anchor="middle"${soft}>${figure(range[0], 4)}</text><text x="${at}" y="${bottom + 34}" text-anchor="middle"${paint({ fill: 'ink' })}>${name}</text>`;
}

function strokeOf(
  optimizer: OptimizerCard | undefined,
  colour: (optimizer: OptimizerCard) => string,
): string {
  return optimizer ? colour(optimizer) : '#888888';
}

/** Its bounds; where there are none, as far as the values go. */
export function rangeOf({ min, max }: ParameterCard, values: readonly number[]): readonly [number, number] {
  if (min !== null && max !== null && min < max) return [min, max];
  const finite = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  if (low < high) return [low, high];
  return finite.length > 0 ? [low - 1, low + 1] : [0, 1];
}

function heightOf({ parameter, range: [low, high] }: Rail, value: number): string {
  const of = parameter.scale === 'log' && low > 0 ? Math.log : (number: number): number => number / 2;
  const part = (of(value) - of(low)) / (of(high) - of(low));
  const within = Number.isFinite(part) ? Math.max(-0.02, Math.min(1.02, part)) : 0;
  return (TOP + HEIGHT * (1 - within)).toFixed(1);
}
