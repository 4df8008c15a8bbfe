import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pathToFileURL } from 'node:url';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import {
  type ContainmentChoice,
  contain,
  detectContainment,
  resolveContainment,
} from '../../src/processes/containment.ts';
import { Custody } from '../../src/processes/custody.ts';
import { readCommand } from '../../src/processes/proc.ts';
import { type NodeChild, spawnNode } from '../../src/processes/spawn-node.ts';
import { Folder } from '../support/folder.ts';
import {
  canContain,
  canUseCgroups,
  cleanUp,
  commandsOf,
  ESCAPEE,
  eventually,
  kill,
  marked,
  newMark,
  TREES,
} from './support.ts';

let mark: string;
let folder: Folder;
beforeEach(() => {
  mark = newMark();
  folder = new Folder();
});
afterEach(() => {
  cleanUp(mark);
  folder[Symbol.dispose]();
});

const HOST = `
import { spawn } from 'node:child_process';
process.on('disconnect', () => process.exit(1));
process.on('message', ({ script, values, exit }) => {
  if (exit !== undefined) process.exit(exit);
  if (script) spawn('/bin/sh', ['-c', script], { stdio: 'ignore' });
  process.stdout.write('out'); process.stderr.write('err');
  process.send({ values: values && new Map([['sum', values.reduce((a, b) => a + b)]]), bytes: new Float64Array([1, NaN]) });
});
`;

interface Host {
  readonly child: NodeChild;
  readonly messages: unknown[];
  readonly output: string[];
  readonly causes: string[];
}

function startHost(custody?: Custody): Host {
  const entry = pathToFileURL(folder.write(`host-${mark}.mjs`, HOST));
  const [messages, output, causes]: [unknown[], string[], string[]] = [[], [], []];
  const child = spawnNode(
    entry,
    {
      message: (message) => messages.push(message),
      output: (stream, chunk) => output.push(`${stream}: ${Buffer.from(chunk).toString()}`),
      exit: (cause) => causes.push(cause),
    },
    { custody },
  );
  return { child, messages, output, causes };
}

const hostProgram = (): number =>
  marked(mark).find(({ pid }) => readCommand(pid).startsWith(process.execPath))!.pid;

const choices: readonly ContainmentChoice[] = [
  'none',
  ...(canContain ? ['pid-namespace' as const] : []),
  ...(canUseCgroups ? ['cgroup' as const] : []),
];
const scripts = (choice: ContainmentChoice): readonly string[] =>
  [...Object.values(TREES), ...(choice === 'none' ? [] : [ESCAPEE])].map(({ script }) =>
    script.replaceAll('MARK', mark),
  );

describe.each(choices)('a Node.js child with containment %s', (containment) => {
  it('speaks messages by structured clone, prints, and says how it ended', async () => {
    await using custody = await Custody.start({ containment });
    const { child, messages, output, causes } = startHost(custody);
    child.send({ values: new Float64Array([1, 2, 3.5]) });
    await eventually(() => messages.length === 1 && output.length === 2);
    expect(messages).toEqual([{ values: new Map([['sum', 6.5]]), bytes: new Float64Array([1, Number.NaN]) }]);
    expect(output.toSorted()).toEqual(['err: err', 'out: out']);
    child.send({ exit: 7 });
    await child.exited;
    expect(causes).toEqual(['its process ended with exit code 7']);
  });

  it('takes all that it started with it when it is killed', async () => {
    await using custody = await Custody.start({ containment });
    const { child, messages, causes } = startHost(custody);
    const all = [...scripts(containment), ESCAPEE.script.replaceAll('MARK', mark)];
    for (const script of all) child.send({ script });
    await eventually(() => messages.length === all.length && marked(mark).length > 20);
    child.kill();
    await child.exited;
    expect(causes).toEqual(['its process was ended by SIGKILL']);
    await eventually(
      () => marked(mark).length === 0,
      2000,
      () => commandsOf(marked(mark)).join('; '),
    );
  });

  it('takes all that it started with it when someone else kills it', async () => {
    await using custody = await Custody.start({ containment });
    const { child, messages, causes } = startHost(custody);
    const all = scripts(containment);
    for (const script of all) child.send({ script });
    await eventually(() => messages.length === all.length && marked(mark).length > 20);
    kill(hostProgram(), 'SIGKILL');
    await child.exited;
    expect(causes).toEqual(['its process was ended by SIGKILL']);
    await eventually(
      () => marked(mark).length === 0,
      2000,
      () => commandsOf(marked(mark)).join('; '),
    );
  });
});

it('what a thread starts by a ticket belongs to the run, and dies with the thread', async () => {
  await using custody = await Custody.start({ containment: 'none' });
  const module = new URL('../../src/processes/custody.ts', import.meta.url).href;
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    const { spawn } = require('node:child_process');
    import('${module}').then(({ Custody }) => {
      const ward = Custody.fromTicket(workerData.ticket).ward({ file: '/bin/sh', args: ['-c', workerData.script] });
      const child = spawn(ward.command.file, ward.command.args, { ...ward.command, stdio: 'ignore' });
      ward.started(child.pid);
    });`;
  const script = TREES['setsid and a double fork']!.script.replaceAll('MARK', mark);
  const worker = new Worker(code, { eval: true, workerData: { ticket: custody.ticket('thread'), script } });
  await eventually(() => marked(mark).length === 5);
  await worker.terminate();
  // The shell has the parent-death signal; the rest is the supervisor's.
  await eventually(() => marked(mark).length === 4);
  await custody[Symbol.asyncDispose]();
  expect(marked(mark)).toEqual([]);
});

it('without a custody a child is started as it is', async () => {
  const { child, messages, causes } = startHost();
  child.send({});
  await eventually(() => messages.length === 1);
  expect(hostProgram()).toBe(child.pid);
  child.kill();
  await child.exited;
  expect(causes).toEqual(['its process was ended by SIGKILL']);
});

describe('containment', () => {
  it('that is not available is refused with the reason, and auto does without', async () => {
    const found = { ...(await detectContainment()), available: [], reasons: { cgroup: 'no such luck' } };
    expect(resolveContainment('auto', found)).toBe('none');
    expect(() => resolveContainment('cgroup', found)).toThrow(
      'containment cgroup does not work on this machine: no such luck; available: auto, none',
    );
  });

  it('does not start a command whose parent has changed', async () => {
    const found = await detectContainment();
    const { file, args } = contain(
      { file: 'touch', args: [folder.at('ran')] },
      { found, containment: 'none' },
    );
    // One process more in between: the parent is not the one that the command was made for.
    const between = execFile('/bin/sh', ['-c', '"$@"; exit $?', 'between', file, ...args]);
    const [code] = (await once(between, 'exit')) as [number];
    expect([code, existsSync(folder.at('ran'))]).toEqual([found.pdeathsig ? 1 : 0, !found.pdeathsig]);
  });
});
