import { setTimeout as sleep } from 'node:timers/promises';
import { runCli, startCli } from './cli.ts';
import { query } from './database.ts';
import type { Folder } from './folder.ts';

export const TASK: string = `export default async (x, { candidateId }) => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  return x.reduce((sum, v) => sum + v * v, 0);
};`;

/** A run of so many evaluations of 20 ms, and where it is. */
export function prepare(
  folder: Folder,
  evaluations: number,
  more = '',
  optimizers = '[cma-es, random]',
): string {
  folder.write('task.mjs', TASK);
  folder.write(
    'fit.yaml',
    `task: { module: task.mjs }
parameters: [{ name: a, min: -5, max: 5 }, { name: b, min: -5, max: 5 }]
optimizers: ${optimizers}
stop: { max-evaluations: ${evaluations} }
manager: { seed: 3${more} }
`,
  );
  return folder.at('run');
}

interface Counts {
  readonly rows: number;
  readonly candidates: number;
  readonly counted: number;
  readonly last: number;
}

export function countsOf(dir: string): Counts {
  const [counts] = query<Counts>(
    dir,
    `SELECT count(*) AS rows, count(DISTINCT optimizer_id || '/' || candidate_id) AS candidates,
     sum(counted) AS counted, max(call_id) AS last FROM evaluations`,
  );
  return counts!;
}

/** All of a budget, each once. */
export const exactly = (evaluations: number): Counts => ({
  rows: evaluations,
  candidates: evaluations,
  counted: evaluations,
  last: evaluations,
});

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

export function evaluationsIn(dir: string): number {
  try {
    return query<{ n: number }>(dir, 'SELECT count(*) AS n FROM evaluations')[0]!.n;
  } catch {
    return 0;
  }
}

export function eventsOf(dir: string): readonly string[] {
  return query<{ message: string }>(
    dir,
    `SELECT message FROM events WHERE type = 'cluster' ORDER BY rowid`,
  ).map(({ message }) => message);
}

/** Runs the command as one of three processes that Open MPI starts. @returns its exit code */
export async function launch(
  folder: Folder,
  rank: number,
  ...args: readonly string[]
): Promise<number | undefined> {
  const env = {
    OMPI_COMM_WORLD_RANK: String(rank),
    OMPI_COMM_WORLD_SIZE: '3',
    OMPI_COMM_WORLD_LOCAL_SIZE: '3',
    PMIX_NAMESPACE: 'test-1',
  };
  return (await runCli(args, folder.path, { env })).exitCode;
}

/** Starts the command as one of three tasks of a job of Slurm. @param restarts how often the job was run before */
export function startTask(
  folder: Folder,
  rank: number,
  restarts: number,
  ...args: readonly string[]
): ReturnType<typeof startCli> {
  const env = {
    SLURM_PROCID: String(rank),
    SLURM_STEP_NUM_TASKS: '3',
    SLURM_STEP_NUM_NODES: '1',
    SLURM_STEP_ID: '0',
    SLURM_JOB_ID: '7',
    ...(restarts > 0 ? { SLURM_RESTART_COUNT: String(restarts) } : {}),
  };
  return startCli(args, folder.path, { env });
}
