import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

const examples = path.resolve(import.meta.dirname, '..', '..', 'examples');

/** The examples in a folder of a test's own, as one makes programs and corpora beside them. */
function copied(): Folder {
  const folder = new Folder();
  cpSync(path.join(examples, 'programs'), folder.at('programs'), { recursive: true });
  cpSync(path.join(examples, 'data'), folder.at('data'), { recursive: true });
  return folder;
}

interface Result {
  readonly fx: number;
  readonly x: readonly number[];
  readonly evaluations: number;
}

async function run(folder: Folder, config: string, ...sets: readonly string[]): Promise<Result> {
  const args = ['run', folder.at(`programs/${config}`), '--dir', 'run', '--seed', '1', '--json'];
  const { exitCode, stdout, stderr } = await runCli(
    [...args, ...sets.flatMap((set) => ['--set', set])],
    folder.path,
  );
  expect(exitCode, stderr).toBe(0);
  return JSON.parse(stdout) as Result;
}

const statuses = (folder: Folder): readonly string[] =>
  query<{ readonly status: string }>(
    folder.at('run'),
    'SELECT DISTINCT status FROM evaluations ORDER BY 1',
  ).map(({ status }) => status);

describe('examples of programs', () => {
  it('each have a test, and a line in the README', () => {
    const all = readdirSync(path.join(examples, 'programs')).filter((name) => name !== 'README.md');
    expect(all).toEqual(['awk', 'c', 'dakota', 'el-nino', 'nist', 'zstd']);
    using folder = copied();
    for (const name of all) expect(folder.read('programs/README.md')).toContain(`[${name}](${name}/`);
  });

  it('nist: residuals of a Python function, to the certified minimum', async () => {
    using folder = copied();
    const { fx } = await run(folder, 'nist/fit.yaml');
    expect(fx).toBeCloseTo(1.4635887487e-3, 10);
    expect(statuses(folder)).toEqual(['ok']);
  });

  it('awk: a simulator with a settings file, the best of which is kept', async () => {
    using folder = copied();
    const { evaluations, fx } = await run(folder, 'awk/calibrate.yaml', 'stop={max-evaluations: 60}');
    expect(evaluations).toBe(60);
    expect(fx).toBeLessThan(1e5);
    const best = query<{ readonly id: number; readonly candidate: number }>(
      folder.at('run'),
      'SELECT optimizer_id AS id, candidate_id AS candidate FROM evaluations WHERE fx IS NOT NULL ORDER BY fx LIMIT 1',
    )[0]!;
    const directory = `run/work/optimizer-${String(best.id).padStart(4, '0')}/candidate-${String(best.candidate).padStart(6, '0')}`;
    expect(folder.read(`${directory}/settings.txt`)).toMatch(/^a = \d+\.\d+$/m);
  });

  it('c: a program that is compiled, and stays up', async () => {
    using folder = copied();
    const source = folder.at('programs/c/oscillator.c');
    execFileSync('cc', [
      '-O2',
      '-Wall',
      '-Wextra',
      '-Werror',
      '-o',
      folder.at('programs/c/oscillator'),
      source,
      '-lm',
    ]);
    const { evaluations, fx } = await run(folder, 'c/calibrate.yaml', 'stop={max-evaluations: 2000}');
    expect(evaluations).toBe(2000);
    expect(fx).toBeLessThan(60);
    expect(statuses(folder)).toEqual(['ok']);
  });

  it('dakota: a driver script as it is', async () => {
    using folder = copied();
    const { fx } = await run(folder, 'dakota/rosenbrock.yaml', 'stop={max-evaluations: 60}');
    expect(fx).toBeLessThan(10);
    expect(statuses(folder)).toEqual(['ok']);
  });

  it('zstd: the options of a real program, by how long it takes, again and again at the end', async () => {
    using folder = copied();
    execFileSync('sh', ['make-corpus.sh'], { cwd: folder.at('programs/zstd') });
    const { evaluations } = await run(
      folder,
      'zstd/tune.yaml',
      'stop={max-evaluations: 10}',
      'manager.reevaluateBest=2',
    );
    // Those that are kept for the end are not needed when no point keeps to the size.
    expect(evaluations).toBeGreaterThanOrEqual(8);
    const sizes = query<{ readonly extras: string }>(
      folder.at('run'),
      "SELECT extras FROM evaluations WHERE status = 'ok'",
    );
    for (const { extras } of sizes)
      expect(JSON.parse(extras)).toEqual({ size: expect.any(Number) as number });
  });

  it('el-nino: killed, resumed, and the same', () => {
    using folder = new Folder();
    const script = path.join(examples, 'programs/el-nino/kill-and-resume.sh');
    const said = execFileSync(script, [folder.path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    expect(said).toMatch(/^killed after [1-9]\d+ evaluations$/m);
    expect(said).toContain('the same, bit by bit');
  });
});
