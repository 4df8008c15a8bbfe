import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { hasNats } from '../support/cluster.ts';
import { evaluationsIn, expectTwoSessions, prepareFit, SCRIPTS } from '../support/fit.ts';
import { Folder } from '../support/folder.ts';
import { hasSlurm, TestSlurm } from '../support/slurm.ts';

if (!hasSlurm || !hasNats)
  console.warn('no slurm or no nats-server here: jobs that are requeued are not tested');

describe.skipIf(!hasSlurm || !hasNats)('a job of Slurm', () => {
  it('is told that the time of the job is up, and the next job resumes the run', async () => {
    await using slurm = await TestSlurm.start();
    using folder = new Folder();
    const env = { ...slurm.env, ...prepareFit(folder, 300) };
    const options = ['--wait', '--nodes=1', '--ntasks-per-node=4', '--output=out', '--parsable'];
    const job = execa('sbatch', [...options, `${SCRIPTS}slurm.sbatch`, 'fit.yaml', 'run', '--quiet'], {
      cwd: folder.path,
      env,
      reject: false,
    });
    while (evaluationsIn(folder.at('run')) < 60) await sleep(20);
    const { stdout: id } = await execa('squeue', ['-h', '-o', '%A'], { env });
    await execa('scancel', ['--signal=USR1', id.trim()], { env });
    const { exitCode } = await job;
    expect(exitCode, folder.read('out')).toBe(0);
    expectTwoSessions(folder, 300);
  });
});
