import { setTimeout as sleep } from 'node:timers/promises';
import { query } from '../../support/database.ts';
import type { Folder } from '../../support/folder.ts';

/** The command of `walker.py`, which takes 10 ms to start: without the modules that a site adds. */
export const WALKER: readonly string[] = [
  'python3',
  '-S',
  '-E',
  new URL('walker.py', import.meta.url).pathname,
];

/** Takes a moment, another one for each call; fails now and then. */
const TASK = `export default async function task(x, { candidateId }) {
  await new Promise((resolve) => setTimeout(resolve, 3 * Math.random()));
  if (candidateId % 23 === 0) throw new Error('now and then');
  return x.reduce((sum, v) => sum + (v - 1) ** 2, 0);
}`;

export interface WalkerRun {
  readonly options?: object;
  readonly use?: object;
  readonly manager?: object;
  readonly budget?: number;
  readonly more?: object;
}

/** A configuration of walkers, as a program writes it; its files are in `folder`. */
export function walkers(
  folder: Folder,
  { options = {}, use = {}, manager = {}, budget = 60, more = {} }: WalkerRun = {},
): Readonly<Record<string, unknown>> {
  folder.write('task.mjs', TASK);
  return {
    baseDir: folder.path,
    task: { module: 'task.mjs' },
    parameters: ['a', 'b'].map((name) => ({ name, min: -5, max: 5 })),
    optimizers: [{ program: { command: WALKER, options, workers: 2, ...use } }],
    hunters: 'none',
    stop: { 'max-evaluations': budget },
    manager: { maxJobs: 2, seed: 3, backend: 'threads', containment: 'none', ...manager },
    ...more,
  };
}

export interface Ended {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly evaluations: number;
  readonly version: number;
}

export function endsIn(directory: string): readonly Ended[] {
  return query<Ended>(
    directory,
    'SELECT type, status, reason, evaluations, version FROM optimizers ORDER BY optimizer_id',
  );
}

/** Types of the events that tell of hosts, in their order. */
export function hostEvents(directory: string): readonly string[] {
  return query<{ type: string }>(
    directory,
    "SELECT type FROM events WHERE type IN ('host-rebuilt', 'host-crashed') ORDER BY event_id",
  ).map(({ type }) => type);
}

/** How many rows a live run's log has, which is not there at first. */
export function countIn(directory: string, what: string): number {
  try {
    return query<{ n: number }>(directory, `SELECT count(*) AS n FROM ${what}`)[0]!.n;
  } catch {
    return 0;
  }
}

export async function until(holds: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (holds()) return;
    await sleep(25);
  }
  throw new Error(`never came: ${what}`);
}
