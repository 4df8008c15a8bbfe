import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { detectContainment } from '../../src/processes/containment.ts';
import { startCli } from '../support/cli.ts';
import { Folder } from '../support/folder.ts';
import { Marked } from '../support/survivors.ts';

const ROUNDS = Number(process.env['GLOMPO_KILL_ROUNDS'] ?? 12);
const PAIRS = [
  ['inline', 'inline'],
  ['threads', 'inline'],
  ['threads', 'threads'],
  ['threads', 'processes'],
  ['processes', 'inline'],
  ['processes', 'threads'],
  ['processes_forced', 'inline'],
  ['processes_forced', 'threads'],
  ['processes_forced', 'processes'],
] as const;

/** What a task may leave behind, as shell commands; NAP is a sleep that can be told by its length. */
const MISDEEDS: Readonly<Record<string, string>> = {
  nothing: 'true',
  'a sleeping child': 'NAP &',
  'a double fork': '( ( NAP & ) & )',
  'a session of its own': 'setsid NAP &',
  'one that ignores SIGTERM': '( trap "" TERM; NAP ) &',
  'one that spins': '( while :; do :; done ) &',
  'one without environment in a session of its own': 'env -i setsid NAP &',
};

/** Processes with a certain word among their arguments, whoever started them. */
function withArgument(word: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').includes(word);
      } catch {
        return false;
      }
    });
}

describe('a manager that is killed by SIGKILL at a random moment', () => {
  it(`leaves nothing of its run after 2 s, in ${ROUNDS} rounds over all pairs of levels and over tasks that start processes`, async () => {
    const random = RandomStream.at(Number(process.env['GLOMPO_KILL_SEED'] ?? 1), 'kill');
    const { available } = await detectContainment();
    let struck = 0;
    for (let round = 0; round < ROUNDS; round++) {
      using folder = new Folder();
      using marked = new Marked();
      const [backend, evaluate] = PAIRS[round % PAIRS.length]!;
      // A program that hides its environment, its group and its session is caught by containment alone, which threads do not have.
      const isContained = available.length > 0 && backend.startsWith('processes');
      const kinds = Object.keys(MISDEEDS).filter(
        (kind) => isContained || !kind.includes('without environment'),
      );
      const kind = kinds[random.integer(kinds.length)]!;
      // Another one in every test run: nobody else sleeps for so long.
      const nap = `9${crypto.getRandomValues(new Uint32Array(1))[0]}.5`;
      const script = `sh -c ${JSON.stringify(MISDEEDS[kind]!.replaceAll('NAP', `sleep ${nap}`))}`;
      folder.write(
        'task.mjs',
        `import { spawn } from 'node:child_process';
        let started = 0;
        export default async (x) => {
          if (started++ < 2) spawn(${JSON.stringify(script)}, { shell: true, stdio: 'ignore' });
          await new Promise((resolve) => setTimeout(resolve, 5));
          return x[0];
        };`,
      );
      const config = folder.write(
        'c.yaml',
        `task: { module: task.mjs }
parameters: [{ name: a, min: 0, max: 1 }]
optimizers: [{ random: { evaluate: ${evaluate} } }]
stop: { max-evaluations: 1000000 }
manager: { maxJobs: 2, backend: ${backend} }
`,
      );
      const about = `round ${round}: ${backend}/${evaluate}, a task that leaves ${kind}`;
      const run = startCli(['run', config, '--dir', 'run', '--json'], folder.path);
      if (kind !== 'nothing' && round % 2 === 0) {
        // However busy the machine is, half of the kills come when the task has done its worst.
        for (let i = 0; i < 500 && withArgument(nap).length === 0; i++) await sleep(20);
        await sleep(300 * random.uniform());
      } else await sleep(300 + 900 * random.uniform());
      if (withArgument(nap).length > 0) struck++;
      run.kill('SIGKILL');
      await run;
      await marked.gone(2000);
      expect(
        marked.alive().map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'latin1')),
        about,
      ).toEqual([]);
      expect(withArgument(nap), about).toEqual([]);
    }
    // Otherwise the kills came too early to show anything.
    expect(struck).toBeGreaterThan(ROUNDS / 10);
  }, 3_600_000);
});
