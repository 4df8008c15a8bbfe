import type { Json, JsonObject } from '../core/json.ts';

/** Who works for a run on other machines, as its log has it. */
export interface ClusterFigures {
  readonly workers: readonly WorkerFigures[];
  /** Of all workers that are there. */
  readonly slots: number;
  /** As many as there were at any time. */
  readonly mostSlots: number;
  readonly counts: {
    /** Workers that were not heard of any more. */
    readonly lost: number;
    /** Jobs that were given to another worker. */
    readonly redelivered: number;
    /** Answers that came a second time, and were thrown away. */
    readonly duplicates: number;
  };
}

interface WorkerFigures {
  readonly host: string;
  readonly pid: number;
  readonly slots: number;
  readonly evaluations: number;
  /** Milliseconds since the Unix epoch. */
  readonly joinedAt: number;
}

/** What a machine does for a run. */
export interface HostFigures {
  readonly host: string;
  readonly workers: number;
  readonly slots: number;
  readonly evaluations: number;
}

/** Reads it from a log, in which anything may stand. */
export function clusterIn(logged: Json | undefined): ClusterFigures | null {
  if (!isObject(logged) || !isObject(logged['counts']) || !Array.isArray(logged['workers'])) return null;
  const { lost, redelivered, duplicates } = logged['counts'];
  const workers = (logged['workers'] as readonly Json[]).filter(
    isWorker,
  ) as unknown as readonly WorkerFigures[];
  if (
    ![logged['slots'], logged['mostSlots'], lost, redelivered, duplicates].every(
      (one) => typeof one === 'number',
    )
  )
    return null;
  return { ...(logged as unknown as ClusterFigures), workers };
}

/** How many slots a run had: as many as its workers ever had, where it goes by these. */
export function slotsOf(
  { maxJobs, reproducible }: { readonly maxJobs: number; readonly reproducible: boolean },
  cluster: ClusterFigures | null,
): number {
  return reproducible || !cluster ? maxJobs : cluster.mostSlots;
}

/** By machine, the one with the most slots first. */
export function hostsOf({ workers }: ClusterFigures): readonly HostFigures[] {
  const hosts = new Map<string, HostFigures>();
  for (const { host, slots, evaluations } of workers) {
    const before = hosts.get(host) ?? { host, workers: 0, slots: 0, evaluations: 0 };
    hosts.set(host, {
      host,
      workers: before.workers + 1,
      slots: before.slots + slots,
      evaluations: before.evaluations + evaluations,
    });
  }
  return [...hosts.values()].toSorted((a, b) => b.slots - a.slots || (a.host < b.host ? -1 : 1));
}

/** `3 workers on 2 hosts, 12 slots; 1 lost, 4 jobs given to others`. */
export function clusterLine(figures: ClusterFigures): string {
  const { workers, slots, counts } = figures;
  const hosts = hostsOf(figures).length;
  const faults = [
    ...(counts.lost > 0 ? [`${counts.lost} lost`] : []),
    ...(counts.redelivered > 0 ? [`${amount(counts.redelivered, 'job')} given to others`] : []),
  ];
  const who =
    workers.length === 0
      ? 'no worker is there'
      : `${amount(workers.length, 'worker')} on ${amount(hosts, 'host')}, ${amount(slots, 'slot')}`;
  return [who, ...(faults.length > 0 ? [faults.join(', ')] : [])].join('; ');
}

/** `1 slot`, `2 slots`. */
export function amount(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function isWorker(value: Json): boolean {
  return (
    isObject(value) &&
    typeof value['host'] === 'string' &&
    ['pid', 'slots', 'evaluations', 'joinedAt'].every((name) => typeof value[name] === 'number')
  );
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
