import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { type ContainmentChoice, detectContainment } from '../../src/processes/containment.ts';
import { type ProcessEntry, readCommand, readTable } from '../../src/processes/proc.ts';
import { Folder } from '../support/folder.ts';

const source = (file: string): string =>
  pathToFileURL(path.resolve(import.meta.dirname, '../../src/processes', file)).href;

export const canContain: boolean = (await detectContainment()).available.includes('pid-namespace');
export const canUseCgroups: boolean = (await detectContainment()).available.includes('cgroup');

/** A number of seconds that no other process sleeps: found in command lines, whatever the environment. */
export function newMark(): string {
  return `9999.${randomInt(1e9, 9e9)}`;
}

/** Processes that live and have the mark in their command line. */
export function marked(mark: string): readonly ProcessEntry[] {
  return readTable().filter(
    ({ pid, isAlive }) => isAlive && pid !== process.pid && readCommand(pid).includes(mark),
  );
}

/** Kills what a failed test left. */
export function cleanUp(mark: string): void {
  for (const { pid } of marked(mark)) kill(pid, 'SIGKILL');
}

export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone.
  }
}

/** Looks until it is so. @returns how long it took, in ms */
export async function eventually(
  isSo: () => boolean,
  withinMs = 10_000,
  what: () => string = () => String(isSo),
): Promise<number> {
  const began = performance.now();
  while (!isSo()) {
    if (performance.now() - began > withinMs) throw new Error(`not within ${withinMs} ms: ${what()}`);
    await delay(10);
  }
  return performance.now() - began;
}

/** Shell programs that are hard to get rid of; `MARK` stands for a time that they sleep. */
export const TREES: Readonly<Record<string, { readonly script: string; readonly size: number }>> = {
  'grandchildren that sleep': { script: 'sleep MARK & sh -c "sleep MARK & wait" & wait', size: 4 },
  'a double fork': { script: '( ( sleep MARK & ) & ); sleep MARK', size: 3 },
  'nohup in the background of a shell that ends': { script: 'nohup sleep MARK >/dev/null 2>&1 &', size: 1 },
  setsid: { script: 'setsid sleep MARK & sleep MARK', size: 3 },
  'setsid and a double fork': { script: '( setsid sh -c "sleep MARK & sleep MARK" & ); sleep MARK', size: 5 },
  'one that ignores SIGTERM': { script: 'trap "" TERM; while :; do sleep MARK; done', size: 2 },
  'one that spins': { script: ': MARK; trap "" TERM; while :; do :; done', size: 1 },
  'one that is stopped': { script: ': MARK; sleep MARK & kill -STOP $$; :', size: 2 },
  'one that scrubs its environment': { script: 'env -i sleep MARK & sleep MARK', size: 3 },
};

/** It leaves nothing by which it could be found, once its parent is gone. */
export const ESCAPEE = { script: 'env -i setsid sleep MARK & sleep MARK', size: 3 };

const PROGRAM = `
import { spawn } from 'node:child_process';
import { Custody } from '${source('custody.ts')}';
const { scripts, containment, runDir, isDone } = JSON.parse(process.argv[2]);
process.on('SIGINT', () => {});
const custody = await Custody.start({ containment, runDir, onSupervisorLost: (message) => console.log(JSON.stringify({ message })) });
const own = isDone ? undefined : spawn('sleep', [process.argv[3] || '9999'], { stdio: 'ignore' });
const children = scripts.map((script) => {
  const ward = custody.ward({ file: '/bin/sh', args: ['-c', script] });
  const { file, args, env, detached } = ward.command;
  const child = spawn(file, args, { env, detached, stdio: 'ignore' });
  ward.started(child.pid);
  return { ward, child };
});
console.log(JSON.stringify({ supervisor: custody.supervisor.pid, bystander: own?.pid, cookies: process.env.GLOMPO_COOKIES ?? null }));
if (isDone) for (const { child } of children) child.unref();
process.stdin.on('data', async (command) => {
  if (String(command).includes('supervisor')) console.log(JSON.stringify({ supervisor: custody.supervisor?.pid }));
  if (String(command).includes('exit')) process.exit(0);
  if (String(command).includes('throw')) throw new Error('as asked');
  if (String(command).includes('heap')) { const all = []; for (;;) all.push(new Array(1e5).fill({})); }
  if (String(command).includes('dispose')) { await custody[Symbol.asyncDispose](); console.log('{}'); }
});
if (isDone) process.stdin.unref();
`;

export interface ManagerOptions {
  readonly scripts?: readonly string[];
  readonly containment?: ContainmentChoice;
  readonly runDir?: string;
  /** It has nothing to wait for. */
  readonly isDone?: boolean;
  readonly mark?: string;
  readonly detached?: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

/** A program that holds a `Custody`, with a child of its own outside it (the bystander). */
export class TestManager implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly folder = new Folder();
  supervisor = 0;
  bystander = 0;
  cookies: string | null = null;
  readonly #lines: AsyncIterator<string>;

  private constructor(options: ManagerOptions) {
    const {
      scripts = [],
      containment = 'none',
      runDir,
      isDone = false,
      mark = '',
      detached = false,
    } = options;
    const file = this.folder.write('manager.mjs', PROGRAM);
    const filled = scripts.map((script) => script.replaceAll('MARK', mark).replaceAll('FILE', file));
    const given = JSON.stringify({ scripts: filled, containment, runDir, isDone });
    this.child = spawn(process.execPath, ['--max-old-space-size=64', file, given, mark], {
      stdio: ['pipe', 'pipe', 'ignore'],
      detached,
      env: options.env ?? process.env,
    });
    this.#lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  static async start(options: ManagerOptions): Promise<TestManager> {
    const manager = new TestManager(options);
    Object.assign(manager, await manager.next());
    return manager;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** The next line that it prints. */
  async next(): Promise<{ readonly supervisor?: number; readonly message?: string }> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the test manager ended');
    return JSON.parse(value) as { supervisor?: number };
  }

  ask(command: 'exit' | 'throw' | 'dispose' | 'supervisor' | 'heap'): void {
    this.child.stdin!.write(command);
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const isOver = this.child.exitCode !== null || this.child.signalCode !== null;
    const exit = isOver ? undefined : once(this.child, 'exit');
    this.child.kill(signal);
    await exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    if (this.bystander) kill(this.bystander, 'SIGKILL');
    this.folder[Symbol.dispose]();
  }
}

/** What of a manager's programs lives; neither itself nor its bystander. */
export function programsOf(manager: TestManager, mark: string): readonly ProcessEntry[] {
  const others = new Set([manager.pid, manager.bystander]);
  return marked(mark).filter(({ pid }) => !others.has(pid));
}

export function commandsOf(entries: readonly ProcessEntry[]): readonly string[] {
  return entries.map(({ pid, state }) => `${pid} ${state} ${readCommand(pid)}`);
}
