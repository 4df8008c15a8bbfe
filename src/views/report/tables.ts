import { clip } from '../../core/errors.ts';
import { type Material, MOST_EVENTS } from './material.ts';
import { clusterLine } from '../../log/cluster-figures.ts';
import { objectIn } from './config-text.ts';
import { standardErrors } from './summary.ts';
import { tableOf } from './table.ts';
import { bytes, count, duration, figure, moment, percent } from '../story/words.ts';

/** As many optimizers have a row. */
const MOST_OPTIMIZERS = 200;

/** As many columns a table of minima has for parameters. */
const MOST_COLUMNS = 12;

export function figuresTable({ picture: { run, facts }, facts: logged, best }: Material): string {
  const { counts, utilisation, resources, cluster } = run;
  const whole = logged['overallSeconds'];
  const rows: readonly (readonly [string, string | null])[] = [
    ['State', run.isPaused ? `${run.state}, paused` : run.state],
    ['Ended by', run.stopReason],
    [
      'Best value',
      best
        ? `${best.fx}${best.violation !== null && best.violation > 0 ? ` (infeasible by ${best.violation})` : ''}`
        : 'none',
    ],
    ['Evaluations', `${count(run.evaluations)}${run.budget === null ? '' : ` of ${count(run.budget)}`}`],
    ['Without a value, or infeasible', run.worthless > 0 ? count(run.worthless) : null],
    ['Time of the run', duration(run.time)],
    ['Evaluations a second', run.time > 0 ? figure(run.evaluations / (run.time / 1000), 3) : null],
    ['Wall seconds, all sessions', typeof whole === 'number' ? figure(whole, 4) : null],
    ['Optimizers started', count(counts.started)],
    ['Optimizers killed', count(counts.killed)],
    ['Optimizers converged', count(counts.converged)],
    ['Optimizers stopped', counts.stopped > 0 ? count(counts.stopped) : null],
    ['Optimizers crashed', counts.crashed > 0 ? count(counts.crashed) : null],
    ['Optimizers not ended', counts.running > 0 ? count(counts.running) : null],
    ['Slots', `${facts.slots} (backend ${facts.backend})`],
    ['Workers at the end', cluster ? clusterLine(cluster) : null],
    ['Of their time evaluating', utilisation ? percent(utilisation.share) : null],
    ['Memory at most', resources?.peakMemoryBytes === undefined ? null : bytes(resources.peakMemoryBytes)],
    ['Seed', facts.seed === null ? 'not logged' : String(facts.seed)],
    ['Began', moment(facts.startedAt)],
    ['Ended', facts.endedAt === null ? null : moment(facts.endedAt)],
  ];
  return tableOf({
    caption: 'Figures',
    head: ['', ''],
    rows: rows.flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  });
}

export function bestTable({ best, picture: { facts }, facts: logged }: Material): string {
  if (!best) return '';
  const errors = standardErrors(logged['result']);
  const isResult = objectIn(logged['result'])['fx'] === best.fx;
  const rows = best.x.map((value, i) => {
    const parameter = facts.parameters[i];
    const bounds =
      parameter && parameter.min !== null && parameter.max !== null
        ? [String(parameter.min), String(parameter.max)]
        : ['', ''];
    const error = errors?.[i];
    return [
      facts.names[i] ?? `x${i + 1}`,
      String(value),
      ...(errors && isResult ? [error === null || error === undefined ? '' : figure(error, 3)] : []),
      ...bounds,
      parameter ? `${parameter.kind}${parameter.scale === 'log' ? ', log' : ''}` : '',
    ];
  });
  const withErrors = errors !== null && isResult;
  return tableOf({
    caption: `Best point: ${best.fx}, evaluation ${count(best.call)} by optimizer ${best.optimizer}`,
    head: [
      'parameter',
      'value',
      ...(withErrors ? ['standard error'] : []),
      'lower bound',
      'upper bound',
      'kind',
    ],
    rows,
    numbers: withErrors ? [1, 2, 3, 4] : [1, 2, 3],
  });
}

export function minimaTable({ picture: { facts } }: Material): string {
  const { minima, names } = facts;
  const shown = names.slice(0, MOST_COLUMNS);
  const more = names.length > MOST_COLUMNS ? `; the first ${MOST_COLUMNS} of ${names.length} parameters` : '';
  return tableOf({
    caption: `Distinct minima${more}`,
    head: ['value', 'evaluation', 'ended there', 'converged', ...shown],
    rows: minima.map(({ fx, callId, hits, converged, x }) => [
      figure(fx, 10),
      String(callId),
      String(hits),
      String(converged),
      ...shown.map((_, i) => (Array.isArray(x) ? figure(x[i], 5) : '')),
    ]),
    numbers: Array.from({ length: shown.length + 4 }, (_, i) => i),
  });
}

export function optimizersTable({ optimizers, picture }: Material): string {
  return tableOf({
    caption: 'Optimizers',
    head: [
      'id',
      'type',
      'workers',
      'end',
      'evaluations',
      'without a value',
      'best value',
      'from',
      'to',
      'why it ended',
    ],
    rows: optimizers.slice(0, MOST_OPTIMIZERS).map((one) => {
      const card = picture.optimizers.get(one.optimizerId);
      return [
        String(one.optimizerId),
        one.type,
        String(one.workers),
        one.status,
        count(one.evaluations),
        count(one.failed),
        figure(one.bestFx, 10),
        card ? duration(card.started.time) : '',
        card?.ended ? duration(card.ended.time) : '',
        // In full among the kills.
        one.reason === null ? '' : clip(one.reason, 120),
      ];
    }),
    numbers: [0, 2, 4, 5, 6, 7, 8],
    of: optimizers.length,
  });
}

export function killsTable({ kills, picture: { run } }: Material): string {
  return tableOf({
    caption: kills.length === MOST_EVENTS ? 'The latest kills, and why' : 'Kills, and why',
    head: ['evaluation', 'time', 'optimizer', 'why'],
    rows: kills.map(({ call, time, optimizer, message }) => [
      count(call),
      duration(time),
      optimizer === null ? '' : String(optimizer),
      message,
    ]),
    numbers: [0, 1, 2],
    of: Math.max(kills.length, run.counts.killed),
  });
}

export function eventsTable({ events }: Material): string {
  return tableOf({
    caption: events.length === MOST_EVENTS ? `Events of note, the latest ${MOST_EVENTS}` : 'Events of note',
    head: ['evaluation', 'time', 'what', 'optimizer', 'message'],
    rows: events.map(({ call, time, type, optimizer, message }) => [
      count(call),
      duration(time),
      type,
      optimizer === null ? '' : String(optimizer),
      message,
    ]),
    numbers: [0, 1, 3],
  });
}

export function versionsTable({ picture: { facts }, facts: logged }: Material): string {
  const { versions, directory } = facts;
  const fingerprint = objectIn(logged['fingerprint'])['task'];
  const v8 = logged['v8'];
  return tableOf({
    caption: 'Versions and platform',
    head: ['', ''],
    rows: [
      ['glompo', versions.glompo],
      ['Node.js', versions.node],
      ...(typeof v8 === 'string' ? [['V8', v8]] : []),
      ['platform', versions.platform],
      ['host', versions.host],
      ['log', directory],
      ...(typeof fingerprint === 'string' ? [['SHA-256 of the task', fingerprint]] : []),
    ],
  });
}
