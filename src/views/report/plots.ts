import type { Material } from './material.ts';
import { MOST_BEST } from './material.ts';
import { machinePlot } from './machine.ts';
import { bestOfEach, parallelPlot } from './parallel.ts';
import { slotsPlot } from './slots.ts';
import { tracesOf, tracesPlot } from './traces.ts';
import { valuesPlot } from './values.ts';

/** A picture of a report. */
export interface Plot {
  /** Of its file, without an ending. */
  readonly name: string;
  readonly title: string;
  /** What is to be said about it. */
  readonly caption: string;
  /** A whole SVG, which can stand alone. */
  readonly svg: string;
}

const NONE = 'No evaluation has a value.';

/** All plots for which there is something in the log. */
export function plotsOf({ picture, traces, points, measuredAt }: Material): readonly Plot[] {
  const hasValues = picture.run.best !== null;
  const bestLines = picture.best.slice(0, MOST_BEST);
  const plots: readonly (Omit<Plot, 'svg'> & { readonly svg: string | undefined })[] = [
    {
      name: 'values',
      title: 'Values over evaluations',
      caption: hasValues
        ? 'Each line is an optimizer: its least and its greatest value in each part of the run.'
        : NONE,
      svg: valuesPlot(picture),
    },
    {
      name: 'values-over-time',
      title: 'Values over time',
      caption: hasValues ? 'The same over the time of the run, without the gaps between its sessions.' : NONE,
      svg: valuesPlot(picture, { over: 'times' }),
    },
    {
      name: 'best-so-far',
      title: 'Best so far',
      caption: hasValues ? 'The best value that each optimizer had found by then.' : NONE,
      svg: valuesPlot(picture, { isBest: true }),
    },
    {
      name: 'slots',
      title: 'Slots over time',
      caption:
        'Which optimizer had which slots, by its id and with the sign of its end; below it, the part of the time of all slots that went into evaluations.',
      svg: slotsPlot(picture),
    },
    {
      name: 'parameters',
      title: 'Parameters over evaluations',
      caption: `Their values at the best points of ${tracesOf(picture)} in each part of the run; the thick line is the best of the run.`,
      svg: tracesPlot(picture, traces, points),
    },
    {
      name: 'parallel-optimizers',
      title: 'The best point of each optimizer',
      caption:
        'A line for each, from the lower bounds of the parameters to the upper ones; the thick one is the best of all.',
      svg: parallelPlot(picture, bestOfEach(picture), points, 'The best of each optimizer'),
    },
    {
      name: 'parallel-best',
      title: `The best ${bestLines.length} evaluations`,
      caption: 'As above; they may be of one optimizer.',
      svg: parallelPlot(picture, bestLines, points, 'The best of the run'),
    },
    {
      name: 'machine',
      title: 'Machine',
      caption: 'What the manager and all its processes took of it.',
      svg: machinePlot(picture.facts.history, measuredAt),
    },
  ];
  return plots.flatMap(({ svg, ...plot }) => (svg === undefined ? [] : [{ ...plot, svg }]));
}
