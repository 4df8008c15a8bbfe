import type { Json } from '../../core/json.ts';
import { clusterIn, clusterLine, hostsOf } from '../../log/cluster-figures.ts';
import type { LoggedEvent, OptimizerStatus } from '../../log/contract.ts';
import type { OptimizerSummary, RunSummary } from '../../log/reader.ts';
import { formatEvent } from '../../views/format.ts';
import { about } from './prospect.ts';

/** So many of those that ended are shown, the last ones. */
const ENDED_SHOWN = 5;
/** So much of what happened lately. */
const EVENTS_SHOWN = 5;

const STATUSES: readonly OptimizerStatus[] = ['running', 'killed', 'converged', 'stopped', 'crashed'];

/** Who evaluates on other machines: by machine, or with `--all` one by one. */
export function formatWorkers(logged: Json | undefined, all: boolean): readonly string[] {
  const cluster = clusterIn(logged);
  if (!cluster) return [];
  return [
    `workers      ${clusterLine(cluster).replace(/ workers? on /, ' on ')}`,
    ...(all
      ? cluster.workers.map(
          ({ host, pid, slots, evaluations }) =>
            `  ${host} ${pid}  slots ${slots}  evaluations ${evaluations}`,
        )
      : hostsOf(cluster).map(
          ({ host, workers, slots, evaluations }) =>
            `  ${host}  workers ${workers}, slots ${slots}, evaluations ${evaluations}`,
        )),
  ];
}

/** How many there are of each kind, those that run, and the last of those that ended. */
export function formatOptimizers(optimizers: readonly OptimizerSummary[], all: boolean): readonly string[] {
  const ended = optimizers.filter(({ status }) => status !== 'running');
  const shown = new Set(all ? ended : ended.toSorted(byEnd).slice(-ENDED_SHOWN));
  const left = ended.length - shown.size;
  return [
    `optimizers   ${optimizers.length}${formatCounts(optimizers)}`,
    ...optimizers.filter((one) => one.status === 'running' || shown.has(one)).map(formatOptimizer),
    ...(left > 0 ? [`  … and ${left} that ended before; --all shows them`] : []),
  ];
}

function byEnd(a: OptimizerSummary, b: OptimizerSummary): number {
  return (a.endedAt ?? 0) - (b.endedAt ?? 0) || a.optimizerId - b.optimizerId;
}

function formatCounts(optimizers: readonly OptimizerSummary[]): string {
  const counts = STATUSES.flatMap((status) => {
    const count = optimizers.filter((one) => one.status === status).length;
    return count > 0 ? [`${count} ${status}`] : [];
  });
  return counts.length > 0 ? `: ${counts.join(', ')}` : '';
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

/** What happened lately to a run that has not ended: kills with their reasons, and the like; the last one first. */
export function formatEvents(state: RunSummary['state'], events: readonly LoggedEvent[]): readonly string[] {
  if (state === 'finished') return [];
  const told = events.flatMap((event) => {
    const text = formatEvent(event);
    return text === undefined ? [] : [`  call ${event.callId}${formatAgo(state, event.at)}: ${text}`];
  });
  return told.length === 0 ? [] : ['lately', ...told.slice(0, EVENTS_SHOWN)];
}

/** Of a run that goes on; the clock of another machine may be ahead. */
export function formatAgo(state: RunSummary['state'], at: number | null): string {
  return state === 'running' && at !== null ? `, ${about(Math.max(0, Date.now() - at) / 1000)} ago` : '';
}
