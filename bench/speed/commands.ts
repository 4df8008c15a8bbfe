import path from 'node:path';
import { execa } from 'execa';
import type { Level1 } from '../../src/config/run-config.ts';
import type { Bench, Benchmark, Measured, Table } from '../harness/benchmark.ts';
import { built } from '../harness/built.ts';
import { interleaved, measured, ratio } from '../harness/measure.ts';
import { askLog } from '../harness/run-log.ts';

const SLEEPERS = 64;
const ALONE = 'execa alone';

export const commands: Benchmark = {
  name: 'commands',
  title: 'What a command costs that is started for each evaluation',
  about: `
Overhead: whole runs of \`echo\` with one optimizer, every evaluation logged, one at a time: the time from one start to the next, against execa alone starting the
same program, turn and turn about. At most 1.5 of it is asked of \`processes\`, the default for commands. In \`threads\` and \`inline\` each program is put into a
pid namespace of its own by \`setpriv\`, \`sh\` and \`unshare\`; in \`processes\` that of its optimizer's host contains it, and nothing stands between.

Efficiency: ${SLEEPERS} commands at once that sleep a second, by one optimizer in a process: what part of the time of ${SLEEPERS} slots they slept, from the first start to
the last end. At least 0.93 is asked.`,
  run: async (bench) => [await overhead(bench), await efficiency(bench)],
};

async function overhead(bench: Bench): Promise<Table> {
  const evaluations = bench.isQuick ? 50 : 300;
  const rounds = bench.isQuick ? 1 : 5;
  const managed = (backend: Level1) => async (): Promise<number> => {
    const evaluated = await rowsOf(bench, {
      command: ['/bin/echo', '{a}'],
      backend,
      workers: 1,
      evaluations,
    });
    const ms = (evaluated.at(-1)!.start - evaluated[0]!.start) / (evaluated.length - 1);
    bench.say(`${backend}: ${ms.toFixed(2)} ms`);
    return ms;
  };
  const found = await interleaved(rounds, {
    [ALONE]: async () => await bare(evaluations),
    processes: managed('processes'),
    threads: managed('threads'),
    inline: managed('inline'),
  });
  return {
    title: 'Overhead',
    columns: [
      { name: '' },
      { name: 'an evaluation', unit: 'ms', better: 'lower' },
      { name: 'against execa alone', better: 'lower' },
    ],
    rows: Object.entries<Measured | null>(found).map(([name, times]) => [
      name,
      times,
      ratio(times, found[ALONE]),
    ]),
    notes: [`Rounds of ${evaluations} evaluations: ${rounds}.`],
  };
}

/** @returns milliseconds for each of so many programs, started one after the other */
async function bare(count: number): Promise<number> {
  const began = performance.now();
  for (let i = 0; i < count; i++) await execa('/bin/echo', ['0.5'], { reject: false });
  return (performance.now() - began) / count;
}

async function efficiency(bench: Bench): Promise<Table> {
  const sleeps = await rowsOf(bench, {
    command: ['/bin/sh', '-c', 'sleep 1; echo {a}'],
    backend: 'processes',
    workers: SLEEPERS,
    evaluations: SLEEPERS * (bench.isQuick ? 5 : 20),
  });
  const end = Math.max(...sleeps.map(({ start, duration }) => start + duration));
  return {
    title: 'Efficiency',
    columns: [
      { name: '' },
      { name: 'slept, of the time of all slots', better: 'higher' },
      { name: 'a command', unit: 'ms', better: 'lower' },
    ],
    rows: [
      [
        `${SLEEPERS} commands at once`,
        (1000 * sleeps.length) / (SLEEPERS * (end - sleeps[0]!.start)),
        measured(sleeps.map(({ duration }) => duration)),
      ],
    ],
    notes: [
      `\`sh -c 'sleep 1; echo'\`, ${sleeps.length.toLocaleString('en-US')} of them; of a command's time 1,000 ms are its sleep.`,
    ],
  };
}

interface Run {
  readonly command: readonly string[];
  readonly backend: Level1;
  readonly workers: number;
  readonly evaluations: number;
}

interface Row {
  readonly start: number;
  readonly duration: number;
}

/** @returns when its evaluations started and how many milliseconds they took, the first one first */
async function rowsOf(
  { folder }: Bench,
  { command, backend, workers, evaluations }: Run,
): Promise<readonly Row[]> {
  const { GloMPOManager } = await built();
  const dir = path.join(folder, 'run');
  await using manager = new GloMPOManager({
    task: { command },
    parameters: [{ name: 'a', min: 0, max: 1 }],
    optimizers: [{ random: { workers } }],
    hunters: 'none',
    stop: { 'max-evaluations': evaluations },
    manager: { backend, maxJobs: workers, seed: 1 },
    dir,
    overwrite: true,
  });
  await manager.start();
  return askLog(dir, (db) =>
    db
      .prepare<[], Row>(
        'SELECT started_at AS start, duration_ms AS duration FROM evaluations ORDER BY started_at',
      )
      .all(),
  );
}
