import { Command } from 'commander';
import type { Json } from '../core/json.ts';
import type { UtilisationFigures } from '../log/figures.ts';
import { readLog, type OptimizerSummary, type RunSummary } from '../log/reader.ts';
import { printResult } from './console.ts';
import { jsonOption } from './options.ts';
import { formatResources, formatUtilisation } from './result.ts';

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
    return json ? JSON.stringify(toJson(summary)) : format(summary);
  });
}

function toJson({ best, facts, state, ...rest }: RunSummary): object {
  return {
    state,
    ...rest,
    best: best && { ...best, x: [...best.x] },
    seed: facts['seed'] ?? null,
    stopReason: facts['stopReason'] ?? null,
    paused: isPaused(state, facts),
  };
}

function format({
  state,
  evaluations,
  best,
  names,
  optimizers,
  facts,
  startedAt,
  endedAt,
}: RunSummary): string {
  const seconds = ((endedAt ?? Date.now()) - startedAt) / 1000;
  const failed = optimizers.reduce((sum, optimizer) => sum + optimizer.failed, 0);
  return [
    `${state}${isPaused(state, facts) ? ', paused' : ''}${typeof facts['stopReason'] === 'string' ? `: ${facts['stopReason']}` : ''}`,
    `evaluations  ${evaluations}${failed > 0 ? `, ${failed} without a value` : ''}`,
    `seconds      ${seconds.toFixed(1)}`,
    `seed         ${facts['seed'] === undefined ? 'unknown' : JSON.stringify(facts['seed'])}`,
    best
      ? `best         ${best.fx} (call ${best.callId}, optimizer ${best.optimizerId})`
      : 'best         none yet',
    ...(best ? names.map((name, i) => `  ${name} = ${best.x[i]}`) : []),
    ...formatSlots(facts['utilisation']),
    ...formatResources(facts['resources']),
    `optimizers   ${optimizers.length}`,
    ...optimizers.map(formatOptimizer),
  ].join('\n');
}

function isPaused(state: RunSummary['state'], facts: RunSummary['facts']): boolean {
  return state === 'running' && facts['paused'] === true;
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
