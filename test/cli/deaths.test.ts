import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogReader } from '../../src/log/reader.ts';
import { runCli, startCli } from '../support/cli.ts';
import { Folder } from '../support/folder.ts';
import { Marked } from '../support/survivors.ts';

const api = new URL('../../src/index.ts', import.meta.url).href;

/** Empty when it has ended in between. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

let folder: Folder;
let marked: Marked;
beforeEach(() => {
  folder = new Folder();
  marked = new Marked();
  // Each worker leaves a program in a session of its own behind.
  folder.write(
    'task.mjs',
    `import { spawn } from 'node:child_process';
    let started = false;
    export default async (x) => {
      if (!started) spawn('setsid', ['sleep', '98765'], { stdio: 'ignore' });
      started = true;
      await new Promise((resolve) => setTimeout(resolve, 5));
      return x[0];
    };`,
  );
  folder.write(
    'c.yaml',
    `task: { module: task.mjs }
parameters: [{ name: a, min: 0, max: 1 }]
optimizers: [{ random: { workers: 2, evaluate: processes } }]
stop: { max-evaluations: 1000000 }
manager: { maxJobs: 4, backend: processes_forced }
`,
  );
});
afterEach(() => {
  marked[Symbol.dispose]();
  folder[Symbol.dispose]();
});

const grandchildren = (): readonly number[] =>
  marked.alive().filter((pid) => commandOf(pid).startsWith('sleep 98765'));

/** Waits until the run under way has all its workers' grandchildren. */
async function underWay(): Promise<void> {
  for (let i = 0; i < 1000 && grandchildren().length < 4; i++) await sleep(20);
  expect(grandchildren().length).toBeGreaterThanOrEqual(4);
}

async function expectNobody(...apart: (number | undefined)[]): Promise<void> {
  for (let i = 0; i < 100 && marked.alive(...apart).length > 0; i++) await sleep(20);
  expect(marked.alive(...apart).map(commandOf)).toEqual([]);
}

const crash = async (): Promise<void> => {
  const run = startCli(['run', 'c.yaml', '--dir', 'run'], folder.path);
  await underWay();
  const supervisor = marked.alive().find((pid) => commandOf(pid).includes('supervisor-entry'))!;
  run.kill('SIGSTOP');
  process.kill(supervisor, 'SIGKILL');
  run.kill('SIGKILL');
  await run;
  // Without containment nobody ends these.
  await sleep(100);
};

/** Starts a child of its own before the run and one during it, runs, and does `during` on each event. */
// oxlint-disable-next-line typescript/explicit-function-return-type -- execa's own type says most
const embed = (during: string, options: readonly string[] = []) => {
  const program = folder.write(
    'program.mjs',
    `import { spawn } from 'node:child_process';
    import { GloMPOManager, loadConfig } from ${JSON.stringify(api)};
  const own = () => { const child = spawn('sleep', ['98764'], { stdio: 'ignore' }); child.unref(); return child.pid; };
    const pids = [own()];
    await using manager = new GloMPOManager({ config: await loadConfig('c.yaml'), dir: 'run', overwrite: true });
    manager.events$.subscribe((event) => { if (event.type === 'optimizer-started') pids.push(own()); });
    const leak = [];
    let isDue = false;
    process.on('SIGUSR2', () => { isDue = true; });
    setInterval(() => { if (isDue) due(); }, 5).unref();
    ${during}
    console.log(JSON.stringify({ pids, self: process.pid }));
    const result = await manager.start();
    console.log(JSON.stringify({ pids, stopReason: result.stopReason }));`,
  );
  return execa(process.execPath, [...options, program], {
    cwd: folder.path,
    reject: false,
    stdin: 'ignore',
    cleanup: false,
  });
};
const own = (): readonly number[] => marked.alive().filter((pid) => commandOf(pid).startsWith('sleep 98764'));

describe('a run that is told to end by', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends in order with exit code %i, and leaves nobody', async (signal, exitCode) => {
    const run = startCli(['run', 'c.yaml', '--dir', 'run', '--json'], folder.path);
    await underWay();
    run.kill(signal);
    const result = await run;
    expect(result.exitCode).toBe(exitCode);
    expect(JSON.parse(result.stdout)).toMatchObject({ stopReason: `interrupted by ${signal}` });
    await expectNobody();
    expect(existsSync(path.join(folder.path, 'run', 'processes.json'))).toBe(false);
  });
});

describe('a manager and its supervisor that are killed at the same moment', () => {
  it('leave nobody once glompo reap was called', async () => {
    await crash();
    const { exitCode } = await runCli(['reap', 'run'], folder.path);
    expect(exitCode).toBe(0);
    expect(marked.alive().map(commandOf)).toEqual([]);
  });

  it('leave nobody once the next run in that directory has begun', async () => {
    await crash();
    const left = grandchildren();
    const next = startCli(['run', 'c.yaml', '--dir', 'run', '--overwrite'], folder.path);
    await underWay();
    expect(grandchildren().filter((pid) => left.includes(pid))).toEqual([]);
    next.kill('SIGTERM');
    await next;
    await expectNobody();
  });
});

describe('a program that embeds GloMPOManager', () => {
  afterEach(() => {
    for (const pid of own()) process.kill(pid, 'SIGKILL');
  });

  it.each([
    [
      'throws inside an rxjs operator',
      `import { map } from ${JSON.stringify(import.meta.resolve('rxjs'))};
      function due() {}
      manager.events$.pipe(map(() => { if (isDue) throw new Error('operator'); })).subscribe();
      setInterval(() => { if (isDue) manager.stop('to have another event'); }, 5).unref();`,
      [],
      /Error: operator/,
    ],
    [
      'exceeds its heap',
      `function due() { for (;;) leak.push(new Array(1e5).fill({ leak })); }`,
      ['--max-old-space-size=100'],
      /heap/,
    ],
    ['throws in a timer', `function due() { throw new Error('timer'); }`, [], /Error: timer/],
    ['exits', `function due() { process.exit(3); }`, [], undefined],
  ] as const)('and %s leaves nobody but its own children', async (_, during, options, said) => {
    const program = embed(during, options);
    await underWay();
    program.kill('SIGUSR2');
    const { stderr, exitCode } = await program;
    if (said) expect(stderr).toMatch(said);
    expect(exitCode).not.toBe(0);
    expect(own().length).toBeGreaterThanOrEqual(3);
    await expectNobody(...own());
    using reader = new LogReader(path.join(folder.path, 'run'));
    expect(reader.summary().evaluations).toBeGreaterThan(0);
  });

  it('and ends its run leaves nobody but its own children, as when it is killed', async () => {
    const program = embed(`function due() { manager.stop('enough'); }`);
    await underWay();
    program.kill('SIGUSR2');
    const { stdout, exitCode } = await program;
    expect(exitCode).toBe(0);
    expect(stdout).toContain('"stopReason":"enough"');
    expect(own().length).toBe(3);
    await expectNobody(...own());
    const again = embed('function due() {}');
    await underWay();
    again.kill('SIGKILL');
    await again;
    await expectNobody(...own());
    expect(own().length).toBeGreaterThanOrEqual(3);
  });
});
