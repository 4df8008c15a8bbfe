import type { RunConfig } from '../config/run-config.ts';
import { slotsOf } from '../log/cluster-figures.ts';
import type { ResourceFigures, RunProgress, RunResult, UtilisationFigures } from '../log/figures.ts';

/** The result of a run for people: a short table. */
export function formatResult(
  config: RunConfig,
  result: RunResult,
  { utilisation, resources, cluster }: Pick<RunProgress, 'utilisation' | 'resources' | 'cluster'>,
): string {
  const { optimizers, evaluations, wallSeconds } = result;
  const slots = slotsOf(config.manager, cluster);
  const width = Math.max(...result.names.map((name) => name.length));
  const point =
    result.x?.map((value, i) => `  ${result.names[i]!.padEnd(width)}  ${value}${errorOf(result, i)}`) ?? [];
  return [
    result.fx === null ? 'No evaluation gave a value.' : `Best value ${result.fx} at`,
    ...point,
    ...formatFit(result),
    ...formatNoise(result),
    ...formatMinima(result),
    '',
    `Evaluations  ${evaluations} in ${wallSeconds.toFixed(1)} s (${rate(evaluations, wallSeconds)} a second)`,
    `Optimizers   ${optimizers.started} started, ${optimizers.killed} killed, ${optimizers.converged} converged, ${optimizers.crashed} crashed`,
    ...formatUtilisation(utilisation),
    ...formatResources(resources).map((line) => line.replace(/^machine/, 'Machine')),
    `Stopped by   ${result.stopReason}`,
    `Seed         ${result.seed} on ${slots} ${slots === 1 ? 'slot' : 'slots'} (${config.manager.backend})`,
    `Log          ${result.runDir}`,
  ].join('\n');
}

/** Where the slots' time went, the largest parts first. */
export function formatUtilisation({ time, advice, acknowledgement }: UtilisationFigures): readonly string[] {
  const words = {
    evaluating: 'evaluating',
    startUp: 'starting up',
    credits: 'waiting for the manager',
    maths: 'for the optimizers’ own computing',
    stragglers: 'waiting for the slowest of a generation',
  } as const;
  const parts = Object.entries(words)
    .map(([key, text]) => ({ text, percent: Math.round(100 * time[key as keyof typeof words]) }))
    .filter(({ text, percent }) => percent > 0 || text === words.evaluating);
  return [
    `Slots        ${parts.map(({ text, percent }) => `${percent} % ${text}`).join(', ')}`,
    ...advice.map((line) => `             ${line}`),
    ...(acknowledgement
      ? [
          `             in the log ${acknowledgement.medianMs} ms after their end, 99 % within ${acknowledgement.p99Ms} ms`,
        ]
      : []),
  ];
}

/** What the run took of the machine, from the fact of the log; nothing when a run was too short to be measured. */
export function formatResources(logged: unknown): readonly string[] {
  if (typeof logged !== 'object' || logged === null || !('memoryBytes' in logged)) return [];
  const { processes, cores, memoryBytes, load } = logged as ResourceFigures;
  const memory = `${Math.round(memoryBytes / 2 ** 20)} MB in ${processes} ${processes === 1 ? 'process' : 'processes'}`;
  return [`machine      ${cores.toFixed(1)} cores, ${memory}, load ${load.toFixed(1)}`];
}

/** The standard error of a parameter, where it is known. */
function errorOf({ fit }: RunResult, i: number): string {
  const error = fit?.standardErrors?.[i];
  return error === undefined || error === null ? '' : ` ± ${error.toPrecision(3)}`;
}

function formatFit({ fit }: RunResult): readonly string[] {
  if (!fit) return [];
  return [`Residuals    ${fit.residuals}, their standard deviation ${fit.deviation.toPrecision(6)}`];
}

function formatNoise({ noise }: RunResult): readonly string[] {
  if (!noise) return [];
  const spread = noise.sd === null ? '' : `, standard deviation ${noise.sd.toPrecision(4)}`;
  return [`Evaluated again ${noise.evaluations} times there: mean ${noise.mean}${spread}`];
}

/** The minima beside the best one, if any. */
function formatMinima({ minima, names }: RunResult): readonly string[] {
  if (minima.length < 2) return [];
  const rows = minima.slice(0, 5).map(({ fx, x, hits, converged }) => {
    const point = x.map((value, i) => `${names[i]!} ${Number(value.toPrecision(5))}`);
    const at = point.length > 6 ? [...point.slice(0, 6), '…'] : point;
    return `  ${String(Number(fx.toPrecision(9))).padEnd(12)}  ${hits} ended there, ${converged} converged  (${at.join(', ')})`;
  });
  return ['', `Separate minima, ${rows.length} of ${minima.length}:`, ...rows];
}

function rate(evaluations: number, seconds: number): string {
  return seconds > 0 ? Math.round(evaluations / seconds).toString() : '?';
}
