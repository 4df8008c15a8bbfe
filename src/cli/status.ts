import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { Command } from 'commander';
import type { Json } from '../core/json.ts';
import type { UtilisationFigures } from '../log/figures.ts';
import type { LogPlace } from '../log/place.ts';
import { readLog, type OptimizerSummary, type RunSummary } from '../log/reader.ts';
import { printResult } from './console.ts';
import { jsonOption } from './options.ts';
import { formatResources, formatUtilisation } from './result.ts';
import { printable } from '../views/format.ts';

export function statusCommand(): Command {
  return new Command('status')
    .description('show how a run stands, live or ended, from its log')
    .argument('<dir>', 'the run directory')
    .addOption(jsonOption())
    .action((directory: string, flags: { readonly json?: boolean }) => {
      printResult(statusText(directory, flags.json ?? false));
    });
}

/** @throws {CodedError} `log-unusable` */
export function statusText(directory: string, json: boolean): string {
  return readLog(directory, (reader) => {
    const summary = reader.summary();
    return printable(json ? JSON.stringify(toJson(summary, reader.place)) : format(summary, reader.place));
  });
}

function toJson({ best, facts, state, ...rest }: RunSummary, { file, copyOf }: LogPlace): object {
  return {
    state,
    ...rest,
    best: best && { ...best, x: [...best.x] },
    seed: facts['seed'] ?? null,
    stopReason: facts['stopReason'] ?? null,
    paused: isPaused(state, facts),
    log: { file, copyOf: copyOf ?? null },
  };
}

function format(
  { state, evaluations, best, names, optimizers, facts, startedAt, endedAt }: RunSummary,
  place: LogPlace,
): string {
  const failed = optimizers.reduce((sum, optimizer) => sum + optimizer.failed, 0);
  return [
    `${state}${isPaused(state, facts) ? formatPause(facts['pauseReason']) : ''}${typeof facts['stopReason'] === 'string' ? `: ${facts['stopReason']}` : ''}`,
    `evaluations  ${evaluations}${failed > 0 ? `, ${failed} without a value` : ''}`,
    `seconds      ${formatSeconds(startedAt, endedAt ?? Date.now())}`,
    `seed         ${facts['seed'] === undefined ? 'unknown' : JSON.stringify(facts['seed'])}`,
    best
      ? `best         ${best.fx} (call ${best.callId}, optimizer ${best.optimizerId})`
      : 'best         none yet',
    ...(best ? names.map((name, i) => `  ${name} = ${best.x[i]}`) : []),
    ...formatSlots(facts['utilisation']),
    ...formatResources(facts['resources']),
    `optimizers   ${optimizers.length}`,
    ...optimizers.map(formatOptimizer),
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

function formatOptimizer({
  optimizerId,
  type,
  status,
  evaluations,
  bestFx,
  reason,
}: OptimizerSummary): string {
  return `  ${optimizerId}  ${type}  ${status}  ${evaluations} evaluations, best ${bestFx ?? '-'}${reason ? `  (${reason})` : ''}`;
}

/** Logged every few seconds, and at the end of a run. */
function formatSlots(logged: Json | undefined): readonly string[] {
  if (typeof logged !== 'object' || logged === null || !('time' in logged)) return [];
  return formatUtilisation(logged as unknown as UtilisationFigures).map((line) =>
    line.replace(/^Slots {2}/, 'slots  '),
  );
}
