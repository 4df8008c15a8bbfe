import { Command } from 'commander';
import type { Json } from '../core/json.ts';
import { LogReader, type OptimizerSummary, type RunSummary } from '../log/reader.ts';
import { printResult } from './console.ts';
import { jsonOption } from './options.ts';

export function statusCommand(): Command {
  return new Command('status')
    .description('show how a run stands, live or ended, from its log')
    .argument('<dir>', 'the run directory')
    .addOption(jsonOption())
    .action((directory: string, flags: { readonly json?: boolean }) => {
      using reader = new LogReader(directory);
      const summary = reader.summary();
      printResult(flags.json ? JSON.stringify(toJson(summary)) : format(summary));
    });
}

function toJson({ best, facts, ...rest }: RunSummary): object {
  return {
    ...rest,
    best: best && { ...best, x: [...best.x] },
    seed: facts['seed'],
    stopReason: facts['stopReason'] ?? null,
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
    `${state}${typeof facts['stopReason'] === 'string' ? `: ${facts['stopReason']}` : ''}`,
    `evaluations  ${evaluations}${failed > 0 ? `, ${failed} without a value` : ''}`,
    `seconds      ${seconds.toFixed(1)}`,
    `seed         ${JSON.stringify(facts['seed'])}`,
    best
      ? `best         ${best.fx} (call ${best.callId}, optimizer ${best.optimizerId})`
      : 'best         none yet',
    ...(best ? names.map((name, i) => `  ${name} = ${best.x[i]}`) : []),
    ...formatUtilisation(facts['utilisation']),
    `optimizers   ${optimizers.length}`,
    ...optimizers.map(formatOptimizer),
  ].join('\n');
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

/** Logged at the end of a run. */
function formatUtilisation(logged: Json | undefined): readonly string[] {
  if (typeof logged !== 'object' || logged === null || !('share' in logged)) return [];
  const { share, advice } = logged as { share: number; advice: readonly string[] };
  return [
    `slots        ${Math.round(100 * share)} % of their time spent evaluating`,
    ...advice.map((line) => `  ${line}`),
  ];
}
