import { existsSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runCli, startCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

const TASK = `
export default async function task(x) {
  await new Promise((resolve) => setTimeout(resolve, 2));
  return 20 + x.reduce((sum, v) => sum + v * v - 10 * Math.cos(2 * Math.PI * v), 0);
}`;
const CONFIG = `
task: { module: task.js }
parameters: [{ name: a, min: -5, max: 5 }, { name: b, min: -5, max: 5 }]
optimizers: [cma-es, nelder-mead]
stop: { max-evaluations: 400 }
manager: { maxJobs: 2, backend: threads, containment: none, seed: 4, huntFrequency: 50, shareBest: true }
`;

const countOf = (folder: Folder, dir: string): number =>
  existsSync(folder.at(`${dir}/run.sqlite`)) && statSync(folder.at(`${dir}/run.sqlite`)).size > 0
    ? query<{ n: number }>(folder.at(dir), 'SELECT count(*) n FROM evaluations WHERE optimizer_id > 0')[0]!.n
    : 0;

describe('glompo run with a warm start', () => {
  it('begins with a finished run, also when it is killed and goes on, and a killed one may be begun with as well', async () => {
    using folder = new Folder();
    folder.write('task.js', TASK);
    folder.write('old.yaml', CONFIG);
    folder.write('new.yaml', `${CONFIG}warmStart: old\ncache: true\n`);
    expect((await runCli(['run', 'old.yaml', '--dir', 'old', '--json'], folder.path)).exitCode).toBe(0);
    const theirs = query<{ n: number }>(
      folder.at('old'),
      "SELECT count(*) n FROM evaluations WHERE status = 'ok' AND attempts > 0",
    )[0]!.n;

    for (let kills = 0; kills < 3; kills++) {
      const args = kills === 0 ? ['run', 'new.yaml', '--dir', 'new', '--json'] : ['resume', 'new', '--json'];
      const run = startCli(args, folder.path);
      const enough = 60 * (kills + 1);
      for (let i = 0; i < 2000 && !isPast(enough); i++) await sleep(5);
      run.kill('SIGKILL');
      await run;
      // A killed run is one to begin with, and stays as it is.
      if (kills === 0) {
        const rows = query<{ n: number }>(
          folder.at('new'),
          'SELECT count(*) n FROM evaluations WHERE attempts > 0',
        )[0]!.n;
        folder.write('next.yaml', `${CONFIG.replace('400', '20')}warmStart: { run: new, inject: best }\n`);
        const { exitCode, stdout } = await runCli(
          ['run', 'next.yaml', '--dir', 'next', '--json'],
          folder.path,
        );
        expect(exitCode).toBe(0);
        expect(JSON.parse(stdout)).toMatchObject({ evaluations: 20 });
        expect(query(folder.at('next'), 'SELECT 1 FROM evaluations WHERE optimizer_id = 0')).toHaveLength(
          rows,
        );
      }
    }
    const { exitCode, stdout, stderr } = await runCli(['resume', 'new', '--json'], folder.path);
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ evaluations: 400 });
    const [counts] = query<Record<string, number>>(
      folder.at('new'),
      `SELECT count(*) AS n, max(call_id) AS last, sum(counted) AS counted, sum(optimizer_id = 0) AS copied,
         count(DISTINCT optimizer_id || '/' || candidate_id) AS distinctly FROM evaluations`,
    );
    expect(counts).toMatchObject({
      last: counts!['n'],
      counted: 400,
      copied: theirs,
      distinctly: counts!['n'],
    });
    expect((await runCli(['status', 'new'], folder.path)).stdout).toContain('400');

    function isPast(count: number): boolean {
      try {
        return countOf(folder, 'new') >= count;
      } catch {
        // Its manager has not made it yet.
        return false;
      }
    }
  }, 120_000);

  it('is refused where the configuration names the run', async () => {
    using folder = new Folder();
    folder.write('task.js', TASK);
    folder.write('c.yaml', `${CONFIG}warmStart: { run: nowhere }\n`);
    for (const command of ['run', 'validate']) {
      const { exitCode, stderr } = await runCli([command, 'c.yaml'], folder.path);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`c.yaml:7:19 warmStart.run: there is no run log at ${folder.at('nowhere')}`);
    }
    expect(folder.has('runs')).toBe(false);
  });
});
