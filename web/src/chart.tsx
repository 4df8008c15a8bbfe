import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { logTicks, tick, TIME_STEPS } from '../../src/views/story/ticks.ts';

/** A range of an axis. */
export type Range = readonly [number, number];

interface AxisProps {
  readonly range: Range;
  readonly label: string;
  /** Of the ticks. */
  readonly format?: (value: number) => string;
  /** Where ticks are. @default at round numbers */
  readonly ticks?: readonly number[];
  /** Milliseconds: ticks are at whole seconds, minutes, …. */
  readonly isTime?: boolean;
}

export interface ChartProps {
  /** What somebody hears who does not see it. */
  readonly label: string;
  readonly height: number;
  readonly x: AxisProps;
  readonly y: AxisProps & { readonly isLog?: boolean };
  /** Draws what it is about; `at` gives pixels of the canvas. */
  readonly draw: (pen: Pen) => void;
  /** Called with what was dragged over. */
  readonly onZoom?: (range: Range) => void;
  /** Called with the place of the pointer, in numbers of the axes, and how long a pixel is; and with nothing when it leaves. */
  readonly onPoint?: (place: Place | undefined) => void;
  readonly onPick?: (place: Place) => void;
}

export interface Place {
  readonly x: number;
  readonly y: number;
  /** In pixels of the page, from the chart's own corner. */
  readonly left: number;
  readonly top: number;
  toPixels(this: void, x: number, y: number): readonly [number, number];
}

/** What a chart is drawn with. */
export interface Pen {
  readonly context: CanvasRenderingContext2D;
  at(this: void, x: number, y: number): readonly [number, number];
  /** Where the axes are, in pixels of the canvas. */
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  /** Pixels of the canvas to one of the page. */
  readonly ratio: number;
  /** The colour that a variable of the page's style has. */
  colour(this: void, name: string): string;
}

function colourOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** A picture with axes. What is in it is drawn by whoever uses it: there may be thousands of lines. */
export function Chart(props: ChartProps): preact.JSX.Element {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const { height, label, x, y } = props;
  const isLog = y.isLog ?? false;

  useEffect(() => {
    const element = holder.current!;
    const made = new uPlot(optionsOf(element, latest, isLog), dataOf(latest.current), element);
    plot.current = made;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0)
        made.setSize({ width: element.clientWidth, height: latest.current.height });
    });
    observer.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const redraw = (): void => {
      made.redraw();
    };
    scheme.addEventListener('change', redraw);
    return () => {
      observer.disconnect();
      scheme.removeEventListener('change', redraw);
      made.destroy();
    };
  }, [isLog, height, x.label, y.label]);

  useEffect(() => {
    const made = plot.current;
    if (!made) return;
    made.batch(() => {
      made.setData(dataOf(props), false);
      made.setScale('x', { min: x.range[0], max: x.range[1] });
      const [min, max] = y.range.map(heightOf(props).of) as [number, number];
      made.setScale('y', { min, max });
      made.redraw();
    });
  });

  return (
    <div class="chart" role="img" aria-label={label} ref={holder} style={{ minHeight: `${height}px` }} />
  );
}

/** How numbers of the y axis are put to the plot, which has no ticks for those of more than 17 digits, and none between those below 1e-16. */
interface Height {
  of(this: void, y: number): number;
  back(this: void, height: number): number;
}

function heightOf({ y: { isLog = false, range } }: ChartProps): Height {
  if (isLog) return { of: Math.log10, back: (height) => 10 ** height };
  const power = Math.floor(Math.log10(Math.max(...range.map(Math.abs))));
  if (Math.abs(power) < 12) return { of: (y) => y, back: (height) => height };
  const unit = 10 ** power;
  return { of: (y) => y / unit, back: (height) => height * unit };
}

function dataOf(props: ChartProps): uPlot.AlignedData {
  return [[...props.x.range], props.y.range.map(heightOf(props).of)];
}

function optionsOf(
  element: HTMLElement,
  latest: { readonly current: ChartProps },
  isLog: boolean,
): uPlot.Options {
  const { height } = latest.current;
  const axis = (which: 'x' | 'y'): uPlot.Axis => ({
    stroke: () => colourOf('--soft'),
    grid: { stroke: () => colourOf('--line'), width: 1 },
    ticks: { stroke: () => colourOf('--line'), width: 1 },
    font: '12px system-ui, sans-serif',
    label: latest.current[which].label,
    labelFont: '12px system-ui, sans-serif',
    labelSize: 18,
    // In pixels: numbers of seven digits, with commas, side by side.
    space: which === 'x' ? 90 : 40,
    values: (_, splits) => {
      const { format = tick } = latest.current[which];
      const { back } = heightOf(latest.current);
      return splits.map((split) => format(which === 'y' ? back(split) : split));
    },
    ...(latest.current[which].isTime ? { incrs: [...TIME_STEPS] } : {}),
    ...(latest.current[which].ticks ? { splits: () => [...latest.current[which].ticks!] } : {}),
    ...(which === 'y' && isLog
      ? { splits: () => logTicks(latest.current.y.range, height / 40).map(Math.log10) }
      : {}),
  });
  return {
    width: element.clientWidth || 600,
    height,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
    scales: {
      x: { time: false, range: () => [...latest.current.x.range] },
      y: { range: () => latest.current.y.range.map(heightOf(latest.current).of) as [number, number] },
    },
    axes: [axis('x'), { ...axis('y'), size: 62 }],
    series: [{}, { show: true, paths: () => null, points: { show: false } }],
    hooks: {
      draw: [
        (made) => {
          drawWith(made, latest.current);
        },
      ],
      setSelect: [
        (made) => {
          const { left, width } = made.select;
          if (width < 4) return;
          latest.current.onZoom?.([made.posToVal(left, 'x'), made.posToVal(left + width, 'x')]);
          made.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
      setCursor: [
        (made) => {
          latest.current.onPoint?.(placeOf(made, heightOf(latest.current)));
        },
      ],
      ready: [
        (made) => {
          made.over.addEventListener('click', () => {
            const place = placeOf(made, heightOf(latest.current));
            if (place) latest.current.onPick?.(place);
          });
        },
      ],
    },
  };
}

function placeOf(made: uPlot, { of, back }: Height): Place | undefined {
  const { left = -1, top = -1 } = made.cursor;
  if (left < 0 || top < 0) return undefined;
  return {
    x: made.posToVal(left, 'x'),
    y: back(made.posToVal(top, 'y')),
    left: left + made.over.offsetLeft,
    top: top + made.over.offsetTop,
    toPixels: (atX, atY) => [
      made.valToPos(atX, 'x') + made.over.offsetLeft,
      made.valToPos(of(atY), 'y') + made.over.offsetTop,
    ],
  };
}

function drawWith(made: uPlot, props: ChartProps): void {
  const { of } = heightOf(props);
  const { ctx: context, bbox: box } = made;
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  // What the axes were written with.
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  props.draw({
    context,
    at: (x, y) => [made.valToPos(x, 'x', true), made.valToPos(of(y), 'y', true)],
    box,
    ratio: devicePixelRatio,
    colour: colourOf,
  });
  context.restore();
}
