import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOfLaunch, launchKey, launchOf, withoutLaunch } from '../../src/core/launch.ts';

describe('the rank and size of a process', () => {
  it.each([
    ['Open MPI', { OMPI_COMM_WORLD_RANK: '2', OMPI_COMM_WORLD_SIZE: '4' }],
    ['MVAPICH', { MV2_COMM_WORLD_RANK: '2', MV2_COMM_WORLD_SIZE: '4' }],
    ['MPICH', { PMI_RANK: '2', PMI_SIZE: '4' }],
    ['Flux', { FLUX_TASK_RANK: '2', FLUX_JOB_SIZE: '4' }],
    ['a step of Slurm', { SLURM_PROCID: '2', SLURM_STEP_NUM_TASKS: '4', SLURM_STEP_ID: '0' }],
  ])('are those that %s tells', (_, env) => {
    expect(launchOf(env)).toEqual({ rank: 2, size: 4 });
  });

  it.each<readonly [string, Readonly<Record<string, string>>]>([
    ['nothing is told', { PATH: '/bin' }],
    ['it is the script of a job of Slurm', { SLURM_PROCID: '0', SLURM_NTASKS: '4', SLURM_JOB_ID: '7' }],
    ['there is no step', { SLURM_PROCID: '0', SLURM_STEP_NUM_TASKS: '4' }],
    ['the step has no name', { SLURM_PROCID: '0', SLURM_STEP_NUM_TASKS: '4', SLURM_STEP_ID: '' }],
    [
      'it is a shell at a terminal of a step',
      { SLURM_PROCID: '0', SLURM_STEP_NUM_TASKS: '4', SLURM_STEP_ID: '0', SLURM_PTY_PORT: '1' },
    ],
    ['the size is missing', { PMI_RANK: '1' }],
    ['the rank is missing', { PMI_SIZE: '3' }],
    ['the rank is not below the size', { PMI_RANK: '3', PMI_SIZE: '3' }],
    ['the rank is negative', { PMI_RANK: '-1', PMI_SIZE: '3' }],
    ['they are no integers', { PMI_RANK: '1.5', PMI_SIZE: '3e0' }],
    ['they are empty', { PMI_RANK: '', PMI_SIZE: '' }],
    ['they are larger than an integer is', { PMI_RANK: '1', PMI_SIZE: '9'.repeat(20) }],
  ])('are 0 of 1 when %s', (_, env) => {
    expect(launchOf(env)).toEqual({ rank: 0, size: 1 });
  });

  it('are those of mpirun, where it was started in a job of Slurm', () => {
    const slurm = { SLURM_PROCID: '0', SLURM_STEP_NUM_TASKS: '2', SLURM_STEP_ID: '0' };
    expect(launchOf({ ...slurm, PMI_RANK: '5', PMI_SIZE: '8' })).toEqual({ rank: 5, size: 8 });
    expect(launchOf({ ...slurm, PMI_RANK: '8', PMI_SIZE: '8' })).toEqual({ rank: 0, size: 2 });
  });

  it('are integers, the rank below the size, whatever the environment says', () => {
    fc.assert(
      fc.property(environments, (env) => {
        const { rank, size } = launchOf(env);
        expect(Number.isSafeInteger(rank) && Number.isSafeInteger(size)).toBe(true);
        expect(rank).toBeGreaterThanOrEqual(0);
        expect(rank).toBeLessThan(size);
        // Nothing is made up: it is what two of the variables say, or 0 of 1.
        const said = new Set(Object.values(env).map(Number));
        expect(size === 1 || (said.has(rank) && said.has(size))).toBe(true);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it('are of no child: its environment has all else, and that of its parent is left alone', () => {
    fc.assert(
      fc.property(environments, (env) => {
        const before = { ...env };
        const child = withoutLaunch(env);
        expect(launchOf(child)).toEqual({ rank: 0, size: 1 });
        expect(env).toEqual(before);
        expect({ ...env, ...child }).toEqual(env);
        for (const name of Object.keys(env)) expect(name in child).toBe(!isOfLaunch(name));
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});

describe('what a launcher tells a process', () => {
  it.each([
    ['OMPI_COMM_WORLD_RANK', true],
    ['OMPI_COMM_WORLD_LOCAL_RANK', true],
    ['OMPI_UNIVERSE_SIZE', true],
    ['OMPI_MCA_orte_hnp_uri', true],
    ['OMPI_MCA_ess', true],
    ['PMIX_SERVER_URI2', true],
    ['PMI_FD', true],
    ['SLURM_PROCID', true],
    ['OMPI_MCA_btl', false],
    ['OMPI_CC', false],
    ['OMPI_ALLOW_RUN_AS_ROOT', false],
    ['PMIX_MCA_gds', false],
    ['SLURM_JOB_ID', false],
    ['PATH', false],
  ])('is, or is not, in %s', (name, is) => {
    expect(isOfLaunch(name)).toBe(is);
  });
});

describe('the key of a launch', () => {
  it.each([
    [
      'the namespace of PMIx',
      { PMIX_NAMESPACE: 'prterun-host-12@1', SLURM_JOB_ID: '7' },
      'prterun-host-12-1',
    ],
    ['the job of Flux', { FLUX_JOB_ID: 'ƒ3' }, '-3'],
    ['a step of Slurm', { SLURM_JOB_ID: '7', SLURM_STEP_ID: '0' }, '7.0'],
  ])('is %s', (_, env, key) => {
    expect(launchKey(env)).toBe(key);
  });

  it('is another one when a job of Slurm is run again, which has the number that it had', () => {
    const again = { SLURM_JOB_ID: '7', SLURM_STEP_ID: '0', SLURM_RESTART_COUNT: '2' };
    expect(launchKey(again)).toBe('7.0.2');
    expect(launchKey({ ...again, PMIX_NAMESPACE: 'slurm.pmix.7.0' })).toBe('slurm.pmix.7.0.2');
    // What it counts is not always told to all machines of an mpirun, which has a name of its own each time.
    expect(launchKey({ ...again, PMIX_NAMESPACE: '3958767617' })).toBe('3958767617');
  });

  it('is none where nothing is told', () => {
    expect(launchKey({ SLURM_JOB_ID: '7' })).toBeUndefined();
    expect(launchKey({ SLURM_JOB_ID: '', SLURM_STEP_ID: '0' })).toBeUndefined();
  });
});

const values = fc.oneof(fc.integer({ min: -1, max: 4 }).map(String), fc.constantFrom('', '1.5', ' 1', 'one'));
const environments = fc.dictionary(
  fc.constantFrom(
    'OMPI_COMM_WORLD_RANK',
    'OMPI_COMM_WORLD_SIZE',
    'MV2_COMM_WORLD_RANK',
    'MV2_COMM_WORLD_SIZE',
    'PMI_RANK',
    'PMI_SIZE',
    'FLUX_TASK_RANK',
    'FLUX_JOB_SIZE',
    'SLURM_PROCID',
    'SLURM_STEP_NUM_TASKS',
    'SLURM_STEP_ID',
    'SLURM_NTASKS',
    'PATH',
    'HOME',
    'OMPI_UNIVERSE_SIZE',
    'PMIX_RANK',
    'OMPI_MCA_btl',
  ),
  values,
);
