import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEntry } from '../../src/processes/proc.ts';
import {
  canContain,
  canUseCgroups,
  cleanUp,
  commandsOf,
  ESCAPEE,
  eventually,
  kill,
  newMark,
  programsOf,
  TestManager,
  TREES,
} from './support.ts';

let mark: string;
beforeEach(() => {
  mark = newMark();
});
afterEach(() => {
  cleanUp(mark);
});

const isThere = (pid: number): boolean => readEntry(pid)?.isAlive === true;

async function started(manager: TestManager, size: number): Promise<void> {
  await eventually(
    () => programsOf(manager, mark).length >= size,
    20_000,
    () => `${size} programs: ${commandsOf(programsOf(manager, mark)).join('; ')}`,
  );
}

/** Promise 2, and that a process of the user's own is not touched. */
async function afterTwoSeconds(
  manager: TestManager,
): Promise<{ left: readonly string[]; bystander: boolean }> {
  const left = (): readonly string[] => [
    ...commandsOf(programsOf(manager, mark)),
    ...(isThere(manager.supervisor) ? ['the supervisor'] : []),
  ];
  await eventually(() => left().length === 0, 2000).catch(() => {});
  return { left: left(), bystander: isThere(manager.bystander) };
}
const NOTHING = { left: [], bystander: true };

describe('when its manager is killed, nothing is left of', () => {
  it.each(Object.entries(TREES))('%s', async (_name, { script, size }) => {
    await using manager = await TestManager.start({ scripts: [script], mark });
    await started(manager, size);
    await manager.kill();
    expect(await afterTwoSeconds(manager)).toEqual(NOTHING);
  });

  it('all of them together, with a manager that leads its own session', async () => {
    const scripts = Object.values(TREES).map(({ script }) => script);
    const size = Object.values(TREES).reduce((sum, tree) => sum + tree.size, 0);
    await using manager = await TestManager.start({ scripts, mark, detached: true });
    await started(manager, size);
    await manager.kill();
    expect(await afterTwoSeconds(manager)).toEqual(NOTHING);
  });

  it.skipIf(!canContain)('anything, with pid namespaces, not even env -i setsid', async () => {
    const trees = [...Object.values(TREES).filter(({ script }) => !script.startsWith('nohup')), ESCAPEE];
    const scripts = trees.map(({ script }) => script);
    const size = trees.reduce((sum, tree) => sum + tree.size, 0);
    await using manager = await TestManager.start({ scripts, mark, containment: 'pid-namespace' });
    await started(manager, size);
    await manager.kill();
    expect(await afterTwoSeconds(manager)).toEqual(NOTHING);
  });

  it.skipIf(!canContain)('env -i setsid in a pid namespace, without a supervisor', async () => {
    await using manager = await TestManager.start({
      scripts: [ESCAPEE.script],
      mark,
      containment: 'pid-namespace',
    });
    await started(manager, ESCAPEE.size);
    kill(manager.pid, 'SIGSTOP');
    kill(manager.supervisor, 'SIGKILL');
    await manager.kill();
    expect(await afterTwoSeconds(manager)).toEqual(NOTHING);
  });

  it.skipIf(!canUseCgroups)('env -i setsid in a cgroup', async () => {
    await using manager = await TestManager.start({ scripts: [ESCAPEE.script], mark, containment: 'cgroup' });
    await started(manager, ESCAPEE.size);
    await manager.kill();
    expect(await afterTwoSeconds(manager)).toEqual(NOTHING);
  });
});

describe('nothing is left either by a manager that', () => {
  const scripts = [TREES['setsid and a double fork']!.script];
  const size = TREES['setsid and a double fork']!.size;

  it.each(['exit', 'throw', 'heap'] as const)('ends by %s', async (command) => {
    await using manager = await TestManager.start({ scripts, mark });
    await started(manager, size);
    manager.ask(command);
    await eventually(() => !isThere(manager.pid));
    expect(await afterTwoSeconds(manager)).toEqual(NOTHING);
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)('ends by %s', async (signal) => {
    await using manager = await TestManager.start({ scripts, mark });
    await started(manager, size);
    await manager.kill(signal);
    expect(await afterTwoSeconds(manager)).toEqual(NOTHING);
  });

  it('disposes of its custody and goes on', async () => {
    await using manager = await TestManager.start({ scripts, mark });
    await started(manager, size);
    manager.ask('dispose');
    await manager.next();
    expect(commandsOf(programsOf(manager, mark))).toEqual([]);
    expect([isThere(manager.supervisor), isThere(manager.bystander), isThere(manager.pid)]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('has nothing more to do: the supervisor does not keep it', async () => {
    await using manager = await TestManager.start({ isDone: true });
    await eventually(() => !isThere(manager.pid) && !isThere(manager.supervisor));
    expect(manager.child.exitCode).toBe(0);
  });
});

it.each(['none', 'auto'] as const)(
  'a run within a program of a run goes with it: containment %s',
  async (containment) => {
    const inner = JSON.stringify({ scripts: [TREES['setsid and a double fork']!.script], containment });
    await using manager = await TestManager.start({
      scripts: [`exec ${process.execPath} FILE '${inner}' MARK`],
      mark,
      containment,
    });
    // The inner manager, its bystander, and its program.
    await started(manager, 2 + TREES['setsid and a double fork']!.size);
    await manager.kill();
    expect(await afterTwoSeconds(manager)).toEqual(NOTHING);
  },
);

it('a manager leaves its own environment alone', async () => {
  const { GLOMPO_COOKIES: _, ...env } = process.env;
  await using manager = await TestManager.start({ env });
  expect(manager.cookies).toBeNull();
});

it('Ctrl-C at the terminal ends neither the programs nor the supervisor', async () => {
  await using manager = await TestManager.start({ scripts: ['sleep MARK; :'], mark, detached: true });
  await started(manager, 2);
  const pids = (): readonly number[] => programsOf(manager, mark).map(({ pid }) => pid);
  const before = pids();
  process.kill(-manager.pid, 'SIGINT');
  // The bystander shares the group, so the signal has arrived when it is gone.
  await eventually(() => !isThere(manager.bystander));
  expect(pids()).toEqual(before);
  expect(isThere(manager.supervisor)).toBe(true);
  await manager.kill();
  await eventually(() => programsOf(manager, mark).length === 0, 2000);
});
