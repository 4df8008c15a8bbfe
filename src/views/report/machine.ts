import type { VitalsHistory } from '../story/frame.ts';
import { paint } from './paint.ts';
import { linePath } from './path.ts';
import { moved, panel, picture } from './plot.ts';
import { bytes, duration } from '../story/words.ts';

const HEIGHT = 130;
const LEFT = 78;

/**
 * What the run took of the machine.
 *
 * @param times of the samples, in milliseconds of the run
 * @returns `undefined` when there is no more than one sample
 */
export function machinePlot(
  history: VitalsHistory | null,
  times: readonly number[],
  width = 900,
): string | undefined {
  if (!history || times.length < 2) return undefined;
  const end = Math.max(1, ...times);
  const one = (
    values: readonly number[],
    title: string,
    format?: (value: number) => string,
    label = '',
  ): string =>
    panel({
      width,
      height: HEIGHT + (label === '' ? 0 : 18),
      title,
      left: LEFT,
      x: { range: [0, end], label, kind: 'time' },
      y: { range: [0, 1.05 * Math.max(...values) || 1], label: '', ...(format ? { format } : {}) },
      draw: ({ x, y }) => {
        const points = times.flatMap((time, i) => [time, values[i] ?? NaN]);
        return `<path d="${linePath(points, x, y)}" stroke-width="1.5"${paint({ stroke: 'accent' })}/>`;
      },
    });
  return picture(
    width,
    3 * HEIGHT + 18,
    `Processor cores, memory and load of the machine over ${duration(end)}`,
    one(history.cores, 'Cores') +
      moved(0, HEIGHT, one(history.memoryBytes, 'Memory', bytes)) +
      moved(0, 2 * HEIGHT, one(history.load, 'Load of the machine', undefined, 'time of the run')),
  );
}
