import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Moment, OptimizerCard, ParameterCard, Trace } from '../../src/views/story/frame.ts';
import { INCUMBENT, optimizersAt, upTo } from '../../src/views/story/moment.ts';
import type { Picture } from '../../src/views/story/picture.ts';
import { fetchPoints, fetchTrace } from './api.ts';
import { Chart, type Pen } from './chart.tsx';
import { Choice } from './controls.tsx';
import { type Fetched, stageOf, useFetched } from './fetched.ts';
import { colours, type Look } from './looks.ts';
import { Missing } from './missing.tsx';
import { count, figure } from '../../src/views/story/words.ts';

interface Props {
  readonly picture: Picture;
  readonly until: Moment;
  readonly look: Look;
}

export function Parameters(props: Props): preact.JSX.Element {
  return (
    <section aria-labelledby="parameters-title">
      <h2 id="parameters-title">Parameters</h2>
      <Parallel {...props} />
      <Traces {...props} />
    </section>
  );
}

/** An evaluation that is a line of the picture. */
interface Entry {
  readonly fx: number;
  readonly call: number;
  readonly optimizer: number;
}

/** One line an evaluation, through its values of all parameters. */
function Parallel({ picture, until, look }: Props): preact.JSX.Element {
  const [of, setOf] = useState<'optimizers' | '10' | '50' | '200'>('optimizers');
  const optimizers = optimizersAt(picture, until);
  const entries =
    of === 'optimizers'
      ? bestOfEach(optimizers)
      : picture.best.filter(({ call }) => call <= until.call).slice(0, Number(of));
  const { points, trouble } = usePoints(
    of,
    entries.map(({ call }) => call),
  );
  const free = picture.facts.parameters.flatMap((parameter, index) =>
    parameter.kind === 'fixed' ? [] : [{ parameter, index }],
  );
  const holder = useRef<HTMLDivElement>(null);
  const [width, height, top] = [Math.max(useWidth(holder), 64 * free.length), 300, 24];
  const colour = colours(picture);
  const byId = new Map(optimizers.map((one) => [one.id, one]));
  const lowest = entries.reduce((low, { fx }) => Math.min(low, fx), Infinity);
  const values = free.map(({ index }) => Array.from(points.values(), (x) => x[index]!));
  const placed = free.map(({ parameter, index }, i) => {
    const range = rangeOf(parameter, values[i]!);
    return { parameter, index, range, x: ((i + 0.5) * width) / free.length };
  });
  return (
    <>
      <h3>Side by side</h3>
      <div class="controls">
        <Choice
          label="of"
          value={of}
          choices={{
            optimizers: 'the best of each optimizer',
            10: 'the best 10',
            50: 'the best 50',
            200: 'the best 200',
          }}
          onChange={setOf}
        />
      </div>
      <Missing trouble={trouble} picture={picture} />
      <div class="wide" tabIndex={0} role="region" aria-label="Parameters side by side" ref={holder}>
        <svg
          viewBox={`0 0 ${width} ${height + top + 40}`}
          width={width}
          role="img"
          aria-label={`${entries.length} evaluations as lines through their values of ${free.length} parameters.`}
        >
          {entries.toReversed().map(({ call, fx, optimizer }) => {
            const x = points.get(call);
            const one = byId.get(optimizer);
            if (!x || !one) return null;
            const path = placed
              .map(
                ({ parameter, index, range, x: at }, i) =>
                  `${i === 0 ? 'M' : 'L'}${at} ${(top + height * (1 - partOf(parameter, range, x[index]!))).toFixed(1)}`,
              )
              .join('');
            const isBest = fx === lowest;
            return (
              <path
                key={call}
                d={path}
                fill="none"
                stroke={isBest ? 'var(--ink)' : colour(one)}
                stroke-width={isBest || look.selected === optimizer ? 2.5 : 1}
                opacity={look.selected === undefined || look.selected === optimizer || isBest ? 0.8 : 0.15}
              >
                <title>{`optimizer ${optimizer}, call ${call}: ${figure(fx)}`}</title>
              </path>
            );
          })}
          {placed.map(({ parameter, range, x }) => (
            <g key={parameter.name} class="rail">
              <line x1={x} x2={x} y1={top} y2={top + height} />
              <text x={x} y={top - 10} text-anchor="middle">
                {figure(range[1], 4)}
              </text>
              <text x={x} y={top + height + 16} text-anchor="middle">
                {figure(range[0], 4)}
              </text>
              <text x={x} y={top + height + 34} text-anchor="middle" class="name">
                {short(parameter.name)}
                <title>{parameter.name}</title>
              </text>
            </g>
          ))}
        </svg>
      </div>
      <p class="legend">
        <span class="swatch incumbent" /> the best of them
      </p>
    </>
  );
}

/** Of an element, in pixels, as it changes. */
function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(320);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.floor(entry.contentRect.width));
    });
    observer.observe(element.current!);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return width;
}

function bestOfEach(optimizers: readonly OptimizerCard[]): readonly Entry[] {
  const entries = optimizers.flatMap(({ id, best, bestCall }) =>
    best === null || bestCall === null ? [] : [{ fx: best, call: bestCall, optimizer: id }],
  );
  return entries.toSorted((a, b) => a.fx - b.fx).slice(0, 200);
}

/**
 * The points of some calls, as they come; those that are known are not asked for again.
 *
 * @param of what calls they are: of others they are there at once
 */
function usePoints(
  of: string,
  calls: readonly number[],
): { readonly points: ReadonlyMap<number, readonly number[]>; readonly trouble: Error | undefined } {
  const known = useRef(new Map<number, readonly number[]>());
  const missing = calls.filter((call) => !known.current.has(call));
  const { trouble } = useFetched(of, missing.join(), async () => {
    if (missing.length === 0) return 0;
    for (const [call, x] of await fetchPoints(missing)) known.current.set(call, x);
    return known.current.size;
  });
  const points = new Map(
    calls.flatMap((call) => (known.current.has(call) ? [[call, known.current.get(call)!] as const] : [])),
  );
  return { points, trouble: missing.length > 0 ? trouble : undefined };
}

type Bounds = readonly [number, number];

function rangeOf({ min, max }: ParameterCard, values: readonly number[]): Bounds {
  if (min !== null && max !== null) return [min, max];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low < high ? [low, high] : [low - 1, low + 1];
}

function partOf({ scale }: ParameterCard, [low, high]: Bounds, at: number): number {
  const of = scale === 'log' && low > 0 ? Math.log : (number: number) => number;
  return (of(at) - of(low)) / (of(high) - of(low));
}

function short(name: string): string {
  return name.length > 12 ? `${name.slice(0, 11)}…` : name;
}

/** One parameter's value over the evaluations, at the best points that each optimizer came to. */
function Traces({ picture, until, look }: Props): preact.JSX.Element {
  const { parameters } = picture.facts;
  const [name, setName] = useState(
    parameters.find(({ kind }) => kind === 'free')?.name ?? parameters[0]?.name ?? '',
  );
  const { answer: trace, trouble } = useTrace(name, picture.read.calls);
  const parameter = parameters.find((one) => one.name === name);
  const optimizers = optimizersAt(picture, until);
  const colour = colours(picture);
  if (!parameter) return <p>There are no parameters.</p>;
  const tracks = (trace?.parameter === name ? trace.tracks : []).map(({ id, points }) => ({
    id,
    points: upTo(points, until.call),
  }));
  const range = rangeOf(
    parameter,
    tracks.flatMap(({ points }) => points.filter((_, i) => i % 2 === 1)),
  );
  const isLog = parameter.scale === 'log' && range[0] > 0;
  const draw = ({ context, at, ratio, colour: named }: Pen): void => {
    const byId = new Map(optimizers.map((one) => [one.id, one]));
    for (const { id, points } of tracks.toSorted((a, b) => rank(a.id) - rank(b.id))) {
      const one = byId.get(id);
      if (id !== INCUMBENT && !one) continue;
      context.strokeStyle = one ? colour(one) : named('--ink');
      context.lineWidth = (id === INCUMBENT || id === look.selected ? 2 : 1) * ratio;
      context.globalAlpha =
        look.selected === undefined || id === look.selected || id === INCUMBENT ? 0.8 : 0.15;
      context.beginPath();
      for (let i = 0; i < points.length; i += 2) {
        const [x, y] = at(points[i]!, points[i + 1]!);
        if (i === 0) context.moveTo(x, y);
        else context.lineTo(x, y);
      }
      context.stroke();
    }
    context.globalAlpha = 1;
  };
  return (
    <>
      <h3>Over the run</h3>
      <div class="controls">
        <Choice
          label="parameter"
          value={name}
          choices={Object.fromEntries(parameters.map((one) => [one.name, one.name]))}
          onChange={setName}
        />
      </div>
      {!trace && <Missing trouble={trouble} picture={picture} />}
      <Chart
        label={`Values of the parameter ${name} at the best points of each optimizer, over ${count(picture.read.calls)} evaluations.`}
        height={260}
        x={{ range: [0, 1.01 * Math.max(1, picture.read.calls)], label: 'evaluations' }}
        y={{ range, isLog, label: short(name) }}
        draw={draw}
      />
    </>
  );
}

/** The run's best is drawn last. */
function rank(id: number): number {
  return id === INCUMBENT ? 1 : 0;
}

function useTrace(name: string, calls: number): Fetched<Trace | undefined> {
  // Not with every frame: each costs as many look-ups as the picture has points.
  return useFetched(name, stageOf(calls), async () => (name === '' ? undefined : fetchTrace(name)));
}
