import { clusterLine } from '../../log/cluster-figures.ts';
import type { RunProgress } from '../../log/figures.ts';
import { formatCount, formatSeconds, formatValue } from '../format.ts';
import type { Scene, Told } from './observation.ts';
import type { Line, Tone } from './style.ts';
import { tableOf } from './table.ts';
import { flow, oneLine, wrap } from './text.ts';

export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  readonly isUnicode: boolean;
}

/** From here on there is room for empty lines. */
const ROOMY = 16;
/** Of what happened, as many of each kind. */
const MOST_TOLD = 3;

/**
 * A run in lines, none of which is wider than the canvas, and no more of them than it has rows. Where there is little room, the best
 * value and the budget come first, then the optimizers, then what happened.
 */
export function paint(scene: Scene, { columns, rows, isUnicode }: Canvas): readonly Line[] {
  const ellipsis = isUnicode ? '…' : '>';
  const header = headerOf(scene, columns, ellipsis).slice(0, rows <= 4 ? rows : Math.max(2, rows - 4));
  const isRoomy = rows >= ROOMY;
  const blank: readonly Line[] = isRoomy ? [{ text: '', tone: 'plain' }] : [];
  const room = rows - header.length;
  const { live } = scene.progress;
  const tableWanted = live.length > 0 ? live.length + 1 + blank.length : 0;
  const told = toldLines(scene, columns, ellipsis);
  const toldWanted = told.length > 0 ? told.length + blank.length : 0;
  const toldRoom = Math.min(toldWanted, Math.max(Math.floor(room / 3), room - tableWanted));
  const table = limited(scene, columns, room - toldRoom - blank.length, isUnicode);
  const shown = told.slice(Math.max(0, told.length - Math.max(0, toldRoom - blank.length)));
  return [
    ...header,
    ...(table.length > 0 ? [...blank, ...table] : []),
    ...(shown.length > 0 && toldRoom > blank.length ? [...blank, ...shown] : []),
  ].slice(0, Math.max(0, rows));
}

function headerOf(scene: Scene, columns: number, ellipsis: string): readonly Line[] {
  const { progress, now, rate, secondsLeft, pauseReason } = scene;
  const lines = (tone: Tone, pieces: readonly string[]): readonly Line[] =>
    flow(pieces, columns, ellipsis).map((text) => ({ text, tone }));
  const { evaluations, budget, elapsedSeconds, optimizers, isPaused } = progress;
  const isLimited = Number.isFinite(budget);
  return [
    ...lines('strong', bestPieces(progress, now)),
    ...lines('plain', [
      `${formatCount(evaluations)}${isLimited ? ` of ${formatCount(budget)}` : ''} evaluations`,
      ...(isLimited ? [`${Math.floor((100 * evaluations) / budget)} %`] : []),
      ...(rate === undefined ? [] : [`${formatRate(rate)} a second`]),
      `for ${formatSeconds(elapsedSeconds)}`,
      ...(secondsLeft === undefined ? [] : [`about ${formatSeconds(secondsLeft)} left`]),
    ]),
    ...(isPaused
      ? lines('warning', [oneLine(pauseReason === undefined ? 'paused' : `paused: ${pauseReason}`)])
      : []),
    ...lines('plain', machinePieces(progress)),
    ...lines('plain', [
      `${formatCount(optimizers.started)} started`,
      `${formatCount(optimizers.killed)} killed`,
      `${formatCount(optimizers.converged)} converged`,
      ...(optimizers.crashed > 0 ? [`${formatCount(optimizers.crashed)} crashed`] : []),
    ]),
  ];
}

function bestPieces({ best }: RunProgress, now: number): readonly string[] {
  if (!best) return ['no value yet'];
  const age = best.at === null ? [] : [`${formatSeconds(Math.max(0, now - best.at) / 1000)} ago`];
  return [
    `best ${formatValue(best.fx)}`,
    [`at call ${formatCount(best.callId)}`, ...age].join(', '),
    `by optimizer ${best.optimizerId}`,
  ];
}

function machinePieces({ slots, utilisation, resources, cluster }: RunProgress): readonly string[] {
  return [
    `slots ${slots.used}/${slots.all}`,
    `${Math.round(100 * utilisation.share)} % evaluating`,
    ...(cluster ? [clusterLine(cluster)] : []),
    ...(resources
      ? [
          `${resources.cores.toFixed(1)} cores`,
          `${Math.round(resources.memoryBytes / 2 ** 20)} MB`,
          `${resources.processes} ${resources.processes === 1 ? 'process' : 'processes'}`,
          `load ${resources.load.toFixed(1)}`,
        ]
      : []),
  ];
}

function formatRate(rate: number): string {
  return rate >= 10 ? formatCount(Math.round(rate)) : rate.toPrecision(2);
}

/** As much of the table as there is room for, with a word on what is left out. */
function limited(scene: Scene, columns: number, room: number, isUnicode: boolean): readonly Line[] {
  const { live } = scene.progress;
  if (live.length === 0 || room < 2) return [];
  if (live.length + 1 <= room) return tableOf(live, scene, columns, isUnicode);
  if (room < 3) return tableOf(live.slice(0, 1), scene, columns, isUnicode);
  const shown = live.slice(0, room - 2);
  const more = flow([`and ${live.length - shown.length} more`], columns, isUnicode ? '…' : '>');
  return [
    ...tableOf(shown, scene, columns, isUnicode),
    ...more.map((text): Line => ({ text, tone: 'faint' })),
  ];
}

/** The last kills and whatever else happened, in the order in which it did. */
function toldLines({ kills, notices }: Scene, columns: number, ellipsis: string): readonly Line[] {
  const latest = [...kills.slice(-MOST_TOLD), ...notices.slice(-MOST_TOLD)].toSorted(
    (a, b) => a.callId - b.callId,
  );
  const lines = columns < 60 ? 3 : 2;
  return latest.flatMap(({ callId, text }: Told) =>
    wrap(oneLine(`${formatCount(callId)}: ${text}`), columns, lines, ellipsis).map((line): Line => ({
      text: line,
      tone: 'faint',
    })),
  );
}
