import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from './support/cli.ts';
import { Folder } from './support/folder.ts';

const configs = path.resolve(import.meta.dirname, '..', 'configs');

describe.each(readdirSync(configs).filter((file) => file.endsWith('.yaml')))('configs/%s', (file) => {
  it('is valid and runs', async () => {
    using folder = new Folder();
    const args = [
      'run',
      path.join(configs, file),
      '--dir',
      'run',
      '--set',
      'stop={max-evaluations: 2000}',
      '--seed',
      '1',
    ];
    const { exitCode, stdout, stderr } = await runCli(args, folder.path);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('Evaluations  2000 in');
  });
});

describe('configs/quickstart.yaml', () => {
  it('prints the periods beside the certified ones, the optimizers and where the log is', async () => {
    using folder = new Folder();
    const args = [
      'run',
      path.join(configs, 'quickstart.yaml'),
      '--dir',
      'run',
      '--set',
      'stop={max-evaluations: 500}',
    ];
    const { stdout } = await runCli(args, folder.path);
    expect(stdout).toMatch(/long period, months +\d+\.\d{4} +44\.3111/);
    expect(stdout).toMatch(/short period, months +\d+\.\d{4} +26\.8876/);
    expect(stdout).toMatch(/Optimizers {3}\d+ started, \d+ killed, \d+ converged/);
    expect(stdout).toContain(`Log          ${folder.at('run')}`);
  });
});
