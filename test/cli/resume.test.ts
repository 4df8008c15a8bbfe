import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runCli, startCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

/** An endless run of 4 ms an evaluation. */
function configure(folder: Folder): void {
  folder.write(
    'task.mjs',
    'export default async (x) => { await new Promise((r) => setTimeout(r, 4)); return x[0] ** 2 + x[1] ** 2; };',
  );
  folder.write(
    'c.yaml',
    `task: { module: task.mjs }
parameters: [{ name: a, min: -5, max: 5 }, { name: b, min: -5, max: 5 }]
optimizers: [cma-es, random]
hunters: none
stop: { max-evaluations: 1000000 }
manager: { maxJobs: 2, seed: 1, backend: inline, containment: none }
`,
  );
}

function count(directory: string): number {
  try {
    return query<{ n: number }>(directory, 'SELECT count(*) AS n FROM evaluations')[0]!.n;
  } catch {
    return 0;
  }
}

async function reaches(directory: string, evaluations: number): Promise<void> {
  for (let tries = 0; tries < 2000; tries++) {
    if (count(directory) >= evaluations) return;
    await sleep(15);
  }
  throw new Error(`never came: ${evaluations} evaluations`);
}

describe('glompo resume', () => {
  it('leaves whole what others read of the run meanwhile', async () => {
    using folder = new Folder();
    configure(folder);
    const cli = (...args: string[]): ReturnType<typeof runCli> => runCli(args, folder.path);
    const few = ['--set', 'stop.max-evaluations=10'];
    expect((await cli('run', 'c.yaml', '--dir', 'run', ...few)).exitCode).toBe(0);
    const before = folder.read('run/config.yaml');
    await using reader = await open(folder.at('run/config.yaml'));
    expect((await cli('resume', 'run', '--set', 'stop.max-evaluations=20')).exitCode).toBe(0);
    expect(folder.read('run/config.yaml')).not.toBe(before);
    expect(await reader.readFile('utf8')).toBe(before);
  });
});

describe('glompo resume --at', () => {
  it('goes on from a call and from a checkpoint of a live run, beside it, and the live one goes on', async () => {
    using folder = new Folder();
    configure(folder);
    const dir = folder.at('run');
    const cli = (...args: string[]): ReturnType<typeof runCli> => runCli(args, folder.path);
    const run = startCli(['run', 'c.yaml', '--dir', 'run', '--json'], folder.path);
    await reaches(dir, 60);
    const marked = await cli('checkpoint', 'run', 'a mark/of ours');
    expect(marked.stdout).toBe(
      `checkpoint a mark/of ours; to go on from it: glompo resume run --at 'a mark/of ours'`,
    );
    const [{ call }] = query<{ call: number }>(dir, 'SELECT call_id AS call FROM checkpoints') as [
      { call: number },
    ];
    const budget = ['--json', '--set', 'stop.max-evaluations=120'];
    const atCall = await cli('resume', 'run', '--at', '50', ...budget);
    expect(atCall.exitCode, atCall.stderr).toBe(0);
    expect(JSON.parse(atCall.stdout)).toMatchObject({ evaluations: 120, runDir: `${dir}-at-50` });
    const rows =
      'SELECT call_id, optimizer_id, candidate_id, hex(x) AS x, fx FROM evaluations WHERE call_id <= 50';
    expect(query(`${dir}-at-50`, rows)).toEqual(query(dir, rows));
    const atMark = await cli(
      'resume',
      'run',
      '--at',
      'a mark/of ours',
      '--json',
      '--set',
      `stop.max-evaluations=${call + 20}`,
    );
    expect(atMark.exitCode, atMark.stderr).toBe(0);
    expect(JSON.parse(atMark.stdout)).toMatchObject({
      evaluations: call + 20,
      runDir: `${dir}-at-a_mark_of_ours`,
    });
    const again = await cli('resume', 'run', '--at', '50', ...budget);
    expect(again).toMatchObject({ exitCode: 2, stdout: '' });
    expect(again.stderr).toMatch(/run-at-50 holds a run already; choose another directory/);
    const unknown = await cli('resume', 'run', '--at', 'b', '--json');
    expect(unknown).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'glompo: there is no checkpoint b in this log: its checkpoints are a mark/of ours',
    });
    await reaches(dir, count(dir) + 20);
    await cli('stop', 'run');
    expect((await run).exitCode).toBe(0);
  });

  it('goes on anywhere from a portable file of a live run', async () => {
    using folder = new Folder();
    configure(folder);
    const run = startCli(['run', 'c.yaml', '--dir', 'run', '--json'], folder.path);
    await reaches(folder.at('run'), 40);
    const cli = (...args: string[]): ReturnType<typeof runCli> => runCli(args, folder.path);
    const made = await cli('checkpoint', 'run', '--portable', 'there.sqlite', '--json');
    expect(made.exitCode, made.stderr).toBe(0);
    expect(JSON.parse(made.stdout)).toEqual({
      command: 'checkpoint',
      name: 'checkpoint-1',
      portable: 'there.sqlite',
    });
    run.kill('SIGKILL');
    await run;
    const before = folder.bytes('there.sqlite');
    const inPlace = await cli('resume', 'there.sqlite', '--json');
    expect(inPlace).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `glompo: ${folder.at('there.sqlite')} is a file: say with --into in which directory its run is to go on`,
    });
    const resumed = await cli(
      'resume',
      'there.sqlite',
      '--into',
      'far/away',
      '--json',
      '--set',
      'stop.max-evaluations=2000',
    );
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ evaluations: 2000, runDir: folder.at('far/away') });
    const at = await cli(
      'resume',
      'there.sqlite',
      '--at',
      '30',
      '--json',
      '--set',
      'stop.max-evaluations=60',
    );
    expect(at.exitCode, at.stderr).toBe(0);
    expect(JSON.parse(at.stdout)).toMatchObject({ evaluations: 60, runDir: folder.at('there-at-30') });
    expect(folder.bytes('there.sqlite').equals(before)).toBe(true);
    expect((await cli('checkpoint', 'run', '--portable', 'there.sqlite')).stderr).toBe(
      'glompo: there.sqlite is there already; choose another file',
    );
    // Of a run that is not live it is made all the same, without a mark.
    expect(
      JSON.parse((await cli('checkpoint', 'far/away', '--portable', 'b.sqlite', '--json')).stdout),
    ).toMatchObject({ name: null });
    expect((await cli('checkpoint', 'far/away', 'late')).stderr).toBe(
      'glompo: no run is live in far/away: it has finished',
    );
  });
});
