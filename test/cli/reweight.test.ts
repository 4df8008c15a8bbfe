import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliResult, runCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

let folder: Folder;
beforeEach(async () => {
  folder = new Folder();
  folder.write('task.mjs', 'export default ([a]) => ({ residuals: { left: [a - 1], right: [a - 5] } });');
  folder.write(
    'fit.yaml',
    `task: { module: task.mjs }
parameters: [{ name: a, min: 0, max: 10 }]
optimizers: [random]
stop: { max-evaluations: 300 }
manager: { backend: inline, maxJobs: 1, seed: 1, containment: none }
`,
  );
  await runCli(['run', folder.at('fit.yaml'), '--dir', folder.at('run')], folder.path);
});
afterEach(() => {
  folder[Symbol.dispose]();
});

const weigh = (...more: readonly string[]): Promise<CliResult> =>
  runCli(['reweight', folder.at('run'), ...more], folder.path);

describe('glompo reweight', () => {
  it('tells the best point under other weights, and evaluates nothing', async () => {
    const { stdout, exitCode } = await weigh('--set', 'task.residuals.left=99', '--json');
    expect(exitCode).toBe(0);
    const { fx, x, evaluations, before } = { ...JSON.parse(stdout), ...JSON.parse(stdout).best };
    expect(evaluations).toBe(300);
    // 99 (a - 1)^2 + (a - 5)^2 is least at 1.04, (a - 1)^2 + (a - 5)^2 at 3.
    expect(x[0]).toBeCloseTo(1.04, 1);
    expect(fx).toBeCloseTo(99 * (x[0] - 1) ** 2 + (x[0] - 5) ** 2, 9);
    expect(before).toBeCloseTo((x[0] - 1) ** 2 + (x[0] - 5) ** 2, 9);
    expect((await weigh('--set', 'task.residuals.left=99')).stdout).toContain(
      '300 evaluations, none of them made again',
    );
  });

  it('makes a log with the new values, from which a run starts', async () => {
    const { exitCode } = await weigh('--set', 'task.residuals.left=99', '--into', folder.at('again'));
    expect(exitCode).toBe(0);
    const [row] = query<{ fx: number; n: number }>(
      folder.at('again'),
      'SELECT min(fx) AS fx, count(*) AS n FROM evaluations',
    );
    expect(row).toMatchObject({ n: 300 });
    const run = await runCli(
      [
        'run',
        folder.at('fit.yaml'),
        '--dir',
        folder.at('next'),
        '--set',
        'task.residuals.left=99',
        '--set',
        `warmStart=${folder.at('again')}`,
        '--set',
        'stop.max-evaluations=20',
        '--json',
      ],
      folder.path,
    );
    expect(run.exitCode).toBe(0);
    expect(JSON.parse(run.stdout).fx).toBeLessThanOrEqual(row!.fx);
  });

  it.each([
    [['--set', 'task.residuals.middle=2'], /call 1 has no residuals named middle/],
    [['--set', 'manager.seed=2'], /only task.residuals can be changed without evaluating again/],
    [['--set', 'task.residuals.left=-1'], /task.residuals.left: expected a number > 0, got -1/],
  ])('refuses %j', async (flags, message) => {
    const { exitCode, stderr } = await weigh(...flags);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('says so when there are no residuals', async () => {
    folder.write('task.mjs', 'export default ([a]) => a;');
    await runCli(['run', folder.at('fit.yaml'), '--dir', folder.at('plain')], folder.path);
    const { exitCode, stderr } = await runCli(['reweight', folder.at('plain')], folder.path);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('its task returned values alone')]);
  });
});

it('glompo run says why no evaluation gave a value', async () => {
  const { stdout, exitCode } = await runCli(
    ['run', folder.at('fit.yaml'), '--dir', folder.at('none'), '--set', 'task.residuals={ lft: 2 }'],
    folder.path,
  );
  expect(exitCode).toBe(0);
  expect(stdout).toContain('No evaluation gave a value.');
  expect(stdout).toContain('The first evaluation failed: task returned no residuals named lft');
});
