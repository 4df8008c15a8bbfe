import { chmodSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostname } from 'node:os';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluationsIn, expectTwoSessions, prepareFit, SCRIPTS } from '../support/fit.ts';
import { bin, runCli } from '../support/cli.ts';
import { has, hasNats } from '../support/cluster.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';
import { recordOf } from '../support/record.ts';
import { hasSlurm, TestSlurm } from '../support/slurm.ts';
import { Marked } from '../support/survivors.ts';

const hasMpi = hasNats && has('mpirun', '--version');
if (!hasMpi) console.warn('no mpirun or no nats-server here: runs under it are not tested');
if (!hasSlurm || !hasNats) console.warn('no slurm or no nats-server here: runs under srun are not tested');

/** The fit of the README, as far as a test has time. */
const RUN: readonly string[] = [
  'run',
  new URL('../../configs/quickstart.yaml', import.meta.url).pathname,
  ...['stop={ max-evaluations: 300 }', 'manager.reproducible=true', 'manager.maxJobs=3'].flatMap((set) => [
    '--set',
    set,
  ]),
  '--seed',
  '5',
  '--quiet',
];

let alone: Folder;
beforeAll(async () => {
  alone = new Folder();
  const { exitCode, stderr } = await runCli([...RUN, '--dir', 'run'], alone.path);
  if (exitCode !== 0) throw new Error(stderr);
});
afterAll(() => {
  alone[Symbol.dispose]();
});

interface Launched {
  readonly exitCode: number | undefined;
  readonly stderr: string;
  readonly record: ReturnType<typeof recordOf>;
  /** Whether others than the one that manages have evaluated: one that joins late may find nothing left to do. */
  readonly isShared: boolean;
  readonly isFindable: boolean;
  readonly left: readonly number[];
}

/** Runs it by a launcher, in 4 processes, of which 3 evaluate. */
async function launch(
  launcher: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
): Promise<Launched> {
  using folder = new Folder();
  using marked = new Marked();
  const [program, ...args] = launcher;
  const command = [...args, process.execPath, bin, ...RUN, '--dir', 'run'];
  const { exitCode, stderr } = await execa(program, command, { cwd: folder.path, env, reject: false });
  return {
    exitCode,
    stderr,
    record: recordOf(folder.at('run')),
    isShared: query<{ worker: string }>(folder.at('run'), 'SELECT DISTINCT worker FROM evaluations').every(
      ({ worker }) => worker.startsWith(`${hostname()} `),
    ),
    isFindable: folder.has('run/engine.json'),
    left: await marked.gone(3000),
  };
}

const asAlone = (): object => ({
  exitCode: 0,
  record: recordOf(alone.at('run')),
  isShared: true,
  isFindable: false,
  left: [],
});

describe.skipIf(!hasMpi)('mpirun', () => {
  it('is told by its script that the time is up, and resumes the run', async () => {
    using folder = new Folder();
    using marked = new Marked();
    const env = {
      ...prepareFit(folder, 240),
      MPIRUN_OPTIONS: '--allow-run-as-root --oversubscribe --mca oob_tcp_if_include lo',
    };
    const args = ['4', 'fit.yaml', folder.at('run'), '--quiet'];
    const script = execa(`${SCRIPTS}openmpi.sh`, args, { cwd: folder.path, env, reject: false });
    while (evaluationsIn(folder.at('run')) < 60) await sleep(20);
    script.kill('SIGUSR1');
    const { exitCode, stderr } = await script;
    expect(exitCode, stderr).toBe(0);
    expectTwoSessions(folder, 240);
    expect(await marked.gone(3000)).toEqual([]);
  });

  it('evaluates by programs that are started with mpirun themselves', async () => {
    using folder = new Folder();
    const options = ['--allow-run-as-root', '--oversubscribe', '--mca', 'oob_tcp_if_include', 'lo'];
    folder.write('one.sh', '#!/bin/sh\necho "$OMPI_COMM_WORLD_SIZE"\n');
    chmodSync(folder.at('one.sh'), 0o755);
    const program = ['mpirun', ...options, '-n', '2', folder.at('one.sh'), '{a}'];
    folder.write(
      'fit.yaml',
      `task: { command: ${JSON.stringify(program)} }
parameters: [{ name: a, min: 0, max: 1 }]
stop: { max-evaluations: 3 }
`,
    );
    const args = [...options, '-n', '2', process.execPath, bin, 'run', 'fit.yaml', '--dir', 'run'];
    const { exitCode, stderr } = await execa('mpirun', args, { cwd: folder.path, reject: false });
    expect(exitCode, stderr).toBe(0);
    const values = query<object>(folder.at('run'), 'SELECT DISTINCT status, fx, error FROM evaluations');
    expect(values).toEqual([{ status: 'ok', fx: 2, error: null }]);
  });

  it('runs the fit in 4 processes, with the same log as alone', async () => {
    const options = ['--allow-run-as-root', '--oversubscribe', '--mca', 'oob_tcp_if_include', 'lo'];
    expect(await launch(['mpirun', ...options, '-n', '4'], {})).toMatchObject(asAlone());
  });
});

describe.skipIf(!hasSlurm || !hasNats)('srun', () => {
  let slurm: TestSlurm;
  beforeAll(async () => {
    slurm = await TestSlurm.start();
  });
  afterAll(async () => {
    await slurm[Symbol.asyncDispose]();
  });

  it('runs what its script says, in a job', async () => {
    using folder = new Folder();
    const env = { ...slurm.env, ...prepareFit(folder, 60) };
    const options = ['--wait', '--nodes=1', '--ntasks-per-node=4', '--output=out'];
    const args = [...options, `${SCRIPTS}slurm.sbatch`, 'fit.yaml', 'run', '--quiet'];
    const { exitCode } = await execa('sbatch', args, { cwd: folder.path, env, reject: false });
    expect(exitCode, folder.read('out')).toBe(0);
    expect(evaluationsIn(folder.at('run'))).toBe(60);
  });

  it('runs the fit in 4 tasks of a job, with the same log as alone', async () => {
    expect(await launch(['srun', '-n', '4'], slurm.env)).toMatchObject(asAlone());
  });
});
