/** What a process may know of itself when the same program was started many times, once a machine or once a core. */
export interface Launch {
  /** Which of them it is, from 0. */
  readonly rank: number;
  readonly size: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What launchers tell a process, in the order in which they are believed. */
const LAUNCHERS: readonly {
  readonly rank: string;
  readonly size: string;
  /** Without which it means nothing. */
  readonly needs?: string;
  /** With which it means nothing. */
  readonly unless?: string;
}[] = [
  // Open MPI; MVAPICH; MPICH, Intel MPI, PALS; Flux.
  { rank: 'OMPI_COMM_WORLD_RANK', size: 'OMPI_COMM_WORLD_SIZE' },
  { rank: 'MV2_COMM_WORLD_RANK', size: 'MV2_COMM_WORLD_SIZE' },
  { rank: 'PMI_RANK', size: 'PMI_SIZE' },
  { rank: 'FLUX_TASK_RANK', size: 'FLUX_JOB_SIZE' },
  // Last, since mpirun in a job of Slurm inherits them. The script of a job has a rank, too, and is one process: only steps have more; and of
  // those, a shell at a terminal (`--pty`) is one.
  { rank: 'SLURM_PROCID', size: 'SLURM_STEP_NUM_TASKS', needs: 'SLURM_STEP_ID', unless: 'SLURM_PTY_PORT' },
];

/** The names of all variables that tell a rank or a size. */
const RANKS: ReadonlySet<string> = new Set(LAUNCHERS.flatMap(({ rank, size }) => [rank, size]));

/**
 * What Open MPI, PMIx and PMI leave besides. By it a program that uses MPI takes itself for the process that was launched, and an `mpirun` within
 * one refuses to start. What users set (`OMPI_MCA_btl`, `OMPI_CC`) is none of it.
 */
const BESIDES =
  /^(?:PMI_|PMIX_(?!MCA_)|OMPI_(?:COMM_WORLD_|UNIVERSE_SIZE$|APP_CTX_NUM_PROCS$|NUM_APP_CTX$|FIRST_RANKS$|COMMAND$|ARGV$|FILE_LOCATION$)|OMPI_MCA_(?:ess|orte|pmix|initial_wdir)(?:_|$))/;

/** Whether it is by this variable that a launcher tells a process who it is. */
export function isOfLaunch(name: string): boolean {
  return RANKS.has(name) || BESIDES.test(name);
}

/**
 * Which of how many this process is, by its environment: of a launcher that tells both as integers, the rank below the size. One that was
 * started by itself is 0 of 1.
 */
export function launchOf(env: Environment = process.env): Launch {
  for (const names of LAUNCHERS) {
    if (names.needs !== undefined && !env[names.needs]) continue;
    if (names.unless !== undefined && env[names.unless]) continue;
    const rank = integerOf(env[names.rank]);
    const size = integerOf(env[names.size]);
    if (rank !== undefined && size !== undefined && rank < size) return { rank, size };
  }
  return { rank: 0, size: 1 };
}

/** What tells one launch from another, the same in all its processes. A launch key of Slurm's comes last: an `mpirun` in a job is not its step. */
const KEYS: readonly (readonly string[])[] = [
  ['PMIX_NAMESPACE'],
  ['OMPI_MCA_ess_base_jobid'],
  ['PALS_APID'],
  ['FLUX_JOB_ID'],
  ['SLURM_JOB_ID', 'SLURM_STEP_ID'],
];

/** A job that goes back into the queue has its number again; this tells how often it did. */
const RESTARTS = 'SLURM_RESTART_COUNT';

/** By which the processes of a launch find each other; nothing where their launcher tells none. Fit for a file's name. */
export function launchKey(env: Environment = process.env): string | undefined {
  const names = KEYS.find((all) => all.every((name) => env[name]));
  if (!names) return undefined;
  const key = names.map((name) => env[name]!).join('.');
  // The plug-in of Slurm for PMIx names the job and the step, too.
  const isSlurms = names[0]!.startsWith('SLURM_') || key.startsWith('slurm.');
  const restarts = isSlurms ? env[RESTARTS] : undefined;
  return (restarts ? `${key}.${restarts}` : key).replaceAll(/[^\w.-]/g, '-');
}

/** Whether all processes of a launch are on this machine, as far as the launcher tells. */
export function isOnOneMachine(env: Environment = process.env): boolean {
  const { size } = launchOf(env);
  if (size === 1) return true;
  if (env['OMPI_COMM_WORLD_RANK'] !== undefined) return integerOf(env['OMPI_COMM_WORLD_LOCAL_SIZE']) === size;
  return env['SLURM_STEP_ID'] !== undefined && integerOf(env['SLURM_STEP_NUM_NODES']) === 1;
}

/** An environment for a child: it inherits what its parent was told of itself, and would take it for its own. */
export function withoutLaunch(env: Environment = process.env): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => !isOfLaunch(name));
  return Object.fromEntries(kept.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function integerOf(text: string | undefined): number | undefined {
  const value = /^\d+$/.test(text ?? '') ? Number(text) : undefined;
  return Number.isSafeInteger(value) ? value : undefined;
}
