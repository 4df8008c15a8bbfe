import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GloMPOManager } from '../../src/manager/manager.ts';
import type { GloMPOResumeOptions } from '../../src/manager/manager-options.ts';
import type { RunResult } from '../../src/log/figures.ts';
import { runCli, startCli } from '../support/cli.ts';
import { query } from '../support/database.ts';
import { Folder } from '../support/folder.ts';

const TASK = 'export default (x) => x[0] ** 2 + x[1] ** 2;';
const PLUGIN = `export default { hunters: [{ name: 'never', create: () => ({ name: 'never', examine: () => ({ holds: false, detail: 'never' }) }) }] };`;
const CONFIG = `plugins: [plugin.mjs]
task: { module: task.mjs }
parameters: [{ name: a, min: -5, max: 5 }, { name: b, min: -5, max: 5 }]
optimizers: [cma-es, random]
hunters: never
stop: { max-evaluations: 100 }
manager: { maxJobs: 2, seed: 1, backend: inline, containment: none }
`;

let folder: Folder;
let dir: string;
beforeEach(async () => {
  folder = new Folder();
  dir = folder.at('run');
  folder.write('task.mjs', TASK);
  folder.write('plugin.mjs', PLUGIN);
  folder.write('c.yaml', CONFIG);
  await using manager = new GloMPOManager({ config: folder.at('c.yaml'), dir });
  await manager.start();
});
afterEach(() => {
  folder[Symbol.dispose]();
});

const MORE = { stop: { 'max-evaluations': 150 } } as const;

async function resume(options: GloMPOResumeOptions = {}): Promise<RunResult> {
  await using manager = GloMPOManager.resume(dir, options);
  return await manager.start();
}

/** What a resume is refused with; the log is as it was. */
async function refusal(options: GloMPOResumeOptions): Promise<string> {
  const before = folder.bytes('run/run.sqlite');
  const message = await resume(options).then(
    () => 'it was not refused',
    (error: unknown) => (error as Error).message,
  );
  expect(folder.bytes('run/run.sqlite').equals(before)).toBe(true);
  return message;
}

describe('a run that is to go on as another one', () => {
  it('is refused when its task was edited, and goes on with force', async () => {
    folder.write('task.mjs', TASK.replace('**', '*'));
    expect(await refusal(MORE)).toBe(
      `this is another run than that of the log:
  task: ${JSON.stringify({ module: folder.at('task.mjs') })} has another content than when the log was written
Its values would not fit the old ones; to go on all the same, say --force-task`,
    );
    expect(await resume({ ...MORE, forceTask: true })).toMatchObject({ evaluations: 150 });
    // From here on it is the run's task.
    expect(await resume({ stop: { 'max-evaluations': 160 } })).toMatchObject({ evaluations: 160 });
  });

  it('is told all that differs at once', async () => {
    folder.write('plugin.mjs', `${PLUGIN} // edited`);
    const set = [
      'parameters[0].max=6',
      'parameters[1].name=c',
      'task={benchmark: sphere, dimension: 2}',
      'manager.seed=2',
      'manager.reproducible=true',
    ];
    const message = await refusal({ set: [...set, 'parameters[1].scale=linear'] });
    for (const part of [
      'manager.seed: 1 in the log, now 2',
      'manager.reproducible: false in the log, now true',
      `task: {"module":"${folder.at('task.mjs')}"} in the log, now {"benchmark":"sphere","dimension":2}`,
      'parameters: a is {"name":"a","type":"real","scale":"linear","min":-5,"max":5} in the log, now {"name":"a","type":"real","scale":"linear","min":-5,"max":6}',
      'parameters: b is in the log, and not there now',
      'parameters: c is not in the log',
      `plugins: ${folder.at('plugin.mjs')} has another content than when the log was written`,
    ])
      expect(message).toContain(part);
  });

  it.each([
    ['seed=2', 'manager.seed: 1 in the log, now 2'],
    ['reproducible=true', 'manager.reproducible: false in the log, now true'],
    ['roundEvaluations=7', 'manager.roundEvaluations: null in the log, now 7'],
  ])('keeps manager.%s even with force', async (set, line) => {
    expect(await refusal({ set: [`manager.${set}`], forceTask: true })).toContain(line);
  });

  it('is refused when its task or a plug-in is gone', async () => {
    folder.remove('plugin.mjs');
    expect(await refusal(MORE)).toMatch(/plugin\.mjs/);
    folder.write('plugin.mjs', PLUGIN);
    folder.remove('task.mjs');
    expect(await refusal(MORE)).toMatch(/task\.mjs/);
  });

  it('ends with exit code 2 on the command line, and with 0 by force', async () => {
    folder.write('task.mjs', `${TASK} // edited`);
    const args = ['resume', 'run', '--json', '--set', 'stop.max-evaluations=150'];
    const refused = await runCli(args, folder.path);
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^glompo: this is another run than that of the log:\n {2}task: /);
    expect(refused.stderr).not.toContain('    at ');
    const forced = await runCli([...args, '--force-task'], folder.path);
    expect(forced.exitCode, forced.stderr).toBe(0);
    expect(JSON.parse(forced.stdout)).toMatchObject({ evaluations: 150 });
  });
});

it('does not go on with a table that was imported', async () => {
  folder.write('table.csv', 'x1,x2,fx\n1,2,3\n4,5,6\n');
  const imported = await runCli(['import', 'table.csv', '--into', 'imported'], folder.path);
  expect(imported.exitCode, imported.stderr).toBe(0);
  expect(await runCli(['resume', 'imported'], folder.path)).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: `glompo: ${folder.at('imported')} holds a table that was imported, and no run that could go on; start one from it with warmStart`,
  });
});

it('does not go on with a run that is live, and takes it over at once when its manager was killed', async () => {
  folder.write(
    'task.mjs',
    'export default async (x) => { await new Promise((r) => setTimeout(r, 5)); return x[0]; };',
  );
  const live = folder.at('live');
  const args = ['run', 'c.yaml', '--dir', 'live', '--json', '--set', 'stop.max-evaluations=100000'];
  const run = startCli(args, folder.path);
  const count = (): number => {
    try {
      return query<{ n: number }>(live, 'SELECT count(*) AS n FROM evaluations')[0]!.n;
    } catch {
      return 0;
    }
  };
  for (let tries = 0; tries < 1000 && count() < 10; tries++) await sleep(20);
  const refused = await runCli(['resume', 'live', '--json'], folder.path);
  expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
  expect(refused.stderr).toMatch(
    new RegExp(`^glompo: ${live} holds a run that is live: process ${run.pid} on \\S+; stop it first`),
  );
  expect(run.nodeChildProcess.exitCode).toBeNull();
  run.kill('SIGKILL');
  await run;
  const before = count();
  const args2 = ['resume', 'live', '--json', '--set', `stop.max-evaluations=${before + 50}`];
  const taken = await runCli(args2, folder.path);
  expect(taken.exitCode, taken.stderr).toBe(0);
  expect(JSON.parse(taken.stdout)).toMatchObject({ evaluations: before + 50 });
});

describe('a run directory', () => {
  it('is not made for a resume that is refused', async () => {
    for (const [options, message] of [
      [{ at: 'none-such' }, 'there is no checkpoint none-such in this log: it has no checkpoints'],
      [{ at: 101 }, 'there is no call 101 in this log: its last one is 100'],
      [{ at: 50, set: ['manager.seed=9'] }, 'manager.seed: 1 in the log, now 9'],
    ] as const) {
      const into = folder.at('copy');
      expect(await refusal({ ...options, into })).toContain(message);
      expect(await refusal(options)).toContain(message);
      expect(folder.has('copy')).toBe(false);
      expect(folder.has(`run-at-${options.at}`)).toBe(false);
    }
  });

  it('is another one than the original when it goes on from the middle', async () => {
    expect(await refusal({ at: 50, into: dir })).toMatch(
      /run stays as it is when a run goes on from the middle of it/,
    );
  });

  it('does not hold another run already', async () => {
    expect(await refusal({ at: 50, into: folder.at('run/../run') })).toMatch(/stays as it is/);
    folder.write('other/run.sqlite', 'something');
    expect(await refusal({ at: 50, into: folder.at('other') })).toMatch(
      /other holds a run already; choose another directory/,
    );
    expect(folder.read('other/run.sqlite')).toBe('something');
  });

  it('says of a run that goes on again that it has no end', async () => {
    await using manager = GloMPOManager.resume(dir, { ...MORE, set: [] });
    const facts: unknown[] = [];
    manager.events$.subscribe(({ type }) => {
      if (type === 'resumed')
        facts.push(
          ...query(
            dir,
            `SELECT key, value FROM run WHERE key IN ('stopReason', 'endedAt', 'endedBy', 'result')`,
          ),
        );
    });
    await manager.start();
    expect(facts.map((row) => (row as { value: string }).value)).toEqual(['null', 'null', 'null', 'null']);
  });
});
