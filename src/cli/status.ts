import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { Command } from 'commander';
import type { Json } from '../core/json.ts';
import { clusterIn } from '../log/cluster-figures.ts';
import type { UtilisationFigures } from '../log/figures.ts';
import type { LogPlace } from '../log/place.ts';
import { type Lately, readLately } from '../log/lately.ts';
import { readLog, type RunSummary } from '../log/reader.ts';
import { printResult } from './console.ts';
import { jsonOption } from './options.ts';
import { formatAgo, formatEvents, formatOptimizers, formatWorkers } from './status/lines.ts';
import { about, prospectOf } from './status/prospect.ts';
import { formatResources, formatUtilisation } from './result.ts';
import { printable } from '../views/format.ts';

/** Among so many of the latest events are those that are told. */
const LOOKED_AT = 50;

export function statusCommand(): Command {
  return new Command('status')
    .description('show how a run stands, live or ended, from its log')
    .argument('<dir>', 'the run directory')
    .option('--all', 'show all optimizers (default: those that run, and the last few that ended)')
    .addOption(jsonOption())
    .action((directory: string, { json, all }: { readonly json?: boolean; readonly all?: boolean }) => {
      printResult(statusText(directory, json ?? false, all));
    });
}

/** @throws {CodedError} `log-unusable` */
export function statusText(directory: string, json: boolean, all = false): string {
  return readLog(directory, (reader) => {
    const summary = reader.summary();
    const lately = readLately(directory, summary.best?.callId, json ? 20 : LOOKED_AT);
    return printable(
      json
        ? JSON.stringify(toJson(summary, lately, reader.place))
        : format(summary, lately, reader.place, all),
    );
  });
}

function toJson(
  summary: RunSummary,
  { events, improvedAt, ...lately }: Lately,
  { file, copyOf }: LogPlace,
): object {
  const { best, facts, state, ...rest } = summary;
  return {
    state,
    ...rest,
    best: best && { ...best, x: [...best.x] },
    seed: facts['seed'] ?? null,
    stopReason: facts['stopReason'] ?? null,
    paused: isPaused(state, facts),
    ...prospectOf(summary, lately, Date.now()),
    improvedAt,
    events,
    cluster: clusterIn(facts['cluster']),
    log: { file, copyOf: copyOf ?? null },
  };
}

function format(summary: RunSummary, lately: Lately, place: LogPlace, all: boolean): string {
  const { state, evaluations, best, names, optimizers, facts, startedAt, endedAt } = summary;
  const failed = optimizers.reduce((sum, optimizer) => sum + optimizer.failed, 0);
  const { budget, secondsLeft } = prospectOf(summary, lately, Date.now());
  const ago = formatAgo(state, lately.improvedAt);
  return [
    `${state}${isPaused(state, facts) ? formatPause(facts['pauseReason']) : ''}${typeof facts['stopReason'] === 'string' ? `: ${facts['stopReason']}` : ''}`,
    `evaluations  ${evaluations}${budget === null || state === 'finished' ? '' : ` of ${budget}`}${failed > 0 ? `, ${failed} without a value` : ''}`,
    `seconds      ${formatSeconds(startedAt, endedAt ?? Date.now())}${secondsLeft === null ? '' : `, about ${about(secondsLeft)} left`}`,
    `seed         ${facts['seed'] === undefined ? 'unknown' : JSON.stringify(facts['seed'])}`,
    best
      ? `best         ${best.fx} (call ${best.callId}, optimizer ${best.optimizerId}${ago})`
      : 'best         none yet',
    ...(best ? names.map((name, i) => `  ${name} = ${best.x[i]}`) : []),
    ...formatSlots(facts['utilisation']),
    ...formatResources(facts['resources']),
    ...formatWorkers(facts['cluster'], all),
    ...formatOptimizers(optimizers, all),
    ...formatEvents(state, lately.events),
    ...formatPlace(place),
  ]
    .map((line) => line.replaceAll(/[\n\t]/g, ' '))
    .join('\n');
}

function isPaused(state: RunSummary['state'], facts: RunSummary['facts']): boolean {
  return state === 'running' && facts['paused'] === true;
}

function formatPause(reason: Json | undefined): string {
  return typeof reason === 'string' ? `, paused (${reason})` : ', paused';
}

/** The clock is that of the manager's machine, then perhaps that of another one; and either may be set. */
function formatSeconds(from: number, to: number): string {
  return to >= from
    ? ((to - from) / 1000).toFixed(1)
    : `unknown: a clock was set back by ${((from - to) / 1000).toFixed(1)} s or more after the run began`;
}

/** What is shown is not the log itself. */
function formatPlace({ file, copyOf }: LogPlace): readonly string[] {
  if (!copyOf) return [];
  const age = Math.max(0, Math.round((Date.now() - statSync(file).mtimeMs) / 1000));
  const where = copyOf.host === hostname() ? 'is gone' : `is on ${copyOf.host}`;
  return [`log          a copy, made ${age} s ago; the log itself, in ${copyOf.directory}, ${where}`];
}

/** Logged every few seconds, and at the end of a run. */
function formatSlots(logged: Json | undefined): readonly string[] {
  if (typeof logged !== 'object' || logged === null || !('time' in logged)) return [];
  return formatUtilisation(logged as unknown as UtilisationFigures).map((line) =>
    line.replace(/^Slots {2}/, 'slots  '),
  );
}
