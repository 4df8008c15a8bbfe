import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContainmentChoice } from '../../src/processes/containment.ts';
import { Custody } from '../../src/processes/custody.ts';
import { type Program, type ProgramEnd, spawnProgram } from '../../src/processes/spawn-program.ts';
import { canContain, canUseCgroups, cleanUp, eventually, marked, newMark } from './support.ts';

let mark: string;
beforeEach(() => {
  mark = newMark();
});
afterEach(() => {
  cleanUp(mark);
});

interface Run {
  readonly program: Program;
  readonly printed: { out: string; err: string };
  readonly end: Promise<ProgramEnd>;
}

function start(argv: readonly string[], custody?: Custody, stdin: 'pipe' | 'ignore' = 'ignore'): Run {
  const printed = { out: '', err: '' };
  const { promise: end, resolve } = Promise.withResolvers<ProgramEnd>();
  const program = spawnProgram(
    { argv, cwd: '/', env: process.env },
    {
      output: (stream, chunk) => {
        printed[stream] += Buffer.from(chunk).toString();
      },
      exit: resolve,
    },
    { custody, stdin },
  );
  return { program, printed, end };
}

const sh = (script: string): readonly string[] => ['/bin/sh', '-c', script.replaceAll('MARK', mark)];

const CONTAINMENTS: readonly ContainmentChoice[] = [
  'none',
  ...(canContain ? (['pid-namespace'] as const) : []),
  ...(canUseCgroups ? (['cgroup'] as const) : []),
];

describe.each(CONTAINMENTS)('a program, contained by %s', (containment) => {
  let custody: Custody;
  beforeEach(async () => {
    custody = await Custody.start({ containment });
  });
  afterEach(() => custody[Symbol.asyncDispose]());

  it('prints, and says how it ended', async () => {
    const { program, printed, end } = start(sh('echo out; echo err >&2; exit 3'), custody);
    expect(await end).toMatchObject({ exitCode: 3, cause: 'its process ended with exit code 3' });
    expect(printed).toEqual({ out: 'out\n', err: 'err\n' });
    await program.exited;
  });

  it('is ended by a signal', async () => {
    const { end } = start(sh('kill -SEGV $$'), custody);
    expect(await end).toMatchObject({ signal: 'SIGSEGV', cause: 'its process was ended by SIGSEGV' });
  });

  it('reads what is written to it, to the end', async () => {
    const { program, printed, end } = start(['cat'], custody, 'pipe');
    const text = 'x'.repeat(300_000);
    program.write(text);
    program.endInput();
    expect(await end).toMatchObject({ exitCode: 0 });
    expect(printed.out).toBe(text);
  });

  it('finds its input at its end otherwise', async () => {
    const { printed, end } = start(sh('cat; echo done'), custody);
    await end;
    expect(printed.out).toBe('done\n');
  });

  it('is killed with all that it started', async () => {
    const { program, printed, end } = start(
      sh("trap '' TERM; sleep MARK & (setsid sleep MARK &); echo up; wait"),
      custody,
    );
    await eventually(() => printed.out === 'up\n' && marked(mark).length >= 3);
    program.kill();
    expect((await end).exitCode).not.toBe(0);
    await program.exited;
    await eventually(() => marked(mark).length === 0);
  });

  it('has so long to end by itself when it is asked to', async () => {
    const { program, printed, end } = start(
      sh("trap 'echo cleaned; exit 0' TERM; echo up; sleep MARK & wait"),
      custody,
    );
    await eventually(() => printed.out === 'up\n');
    program.stop(5000);
    const { exitCode, signal } = await end;
    // In a namespace of its own its first process goes, and all with it.
    if (containment === 'pid-namespace') expect([exitCode, signal]).not.toEqual([undefined, undefined]);
    else expect([exitCode, printed.out]).toEqual([0, 'up\ncleaned\n']);
    await program.exited;
    expect(marked(mark)).toEqual([]);
  });

  it('is not waited for through what it left behind, which is ended', async () => {
    const { program, printed, end } = start(sh('sleep MARK & (setsid sleep MARK &); echo value'), custody);
    expect(await end).toMatchObject({ exitCode: 0 });
    expect(printed.out).toBe('value\n');
    await program.exited;
    expect(marked(mark)).toEqual([]);
  });

  it('may be one of many of short lives, whose leftovers are looked for together', async () => {
    const runs = Array.from({ length: 20 }, () =>
      start(sh('setsid sleep MARK > /dev/null 2>&1 & exit 0'), custody),
    );
    await Promise.all(runs.map(({ end }) => end));
    await Promise.all(runs.map(({ program }) => program.exited));
    expect(marked(mark)).toEqual([]);
  });
});

it('that does not exist says so', async () => {
  const { program, end } = start(['/nowhere/at all']);
  expect(await end).toMatchObject({ startFault: expect.stringContaining('ENOENT') as string });
  expect((await end).cause).toContain('its process did not start');
  program.write('nobody reads this');
  program.kill();
  await program.exited;
});
