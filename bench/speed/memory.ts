import { spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Benchmark, Table } from '../harness/benchmark.ts';
import { bin } from '../harness/built.ts';
import { measured } from '../harness/measure.ts';

export const memory: Benchmark = {
  name: 'memory',
  title: 'Memory of the manager',
  about: `
Resident memory of the manager during 5 million cheap evaluations of a 10-D Rastrigin function, with hunts, migration and all optimizers in processes of their
own, so that it is the manager's alone.`,
  run: async (bench) => [await resident(bench)],
};

async function resident({ folder, isQuick, say }: Bench): Promise<Table> {
  const config = path.join(folder, 'config.yaml');
  writeFileSync(
    config,
    `task: { benchmark: rastrigin, dimension: 10 }
optimizers: [cma-es, random, nelder-mead]
hunters:
  any:
    - all: [{ evaluations-unmoving: { calls: 100, tolerance: 0.01 } }, { value-annealing: { survivalAtTwice: 0.1 } }]
    - best-unmoving: { calls: 2000, tolerance: 0.2 }
    - step-size: { calls: 50, tolerance: 0.0001 }
stop: { max-evaluations: ${isQuick ? 400_000 : 5_000_000} }
manager: { maxJobs: 2, backend: processes, shareBest: true, seed: 1 }
`,
  );
  const dir = path.join(folder, 'run');
  const began = performance.now();
  const { samples, output } = await watched(
    ['run', config, '--dir', dir, '--no-report', '--json'],
    isQuick ? 100 : 500,
  );
  const seconds = (performance.now() - began) / 1000;
  const { evaluations, optimizers } = JSON.parse(output) as {
    evaluations: number;
    optimizers: { started: number };
  };
  say(`${evaluations} evaluations in ${seconds.toFixed(0)} s`);
  const quarters = ['first', 'second', 'third', 'last'].map((name, i) => {
    const part = samples.slice((i * samples.length) >> 2, ((i + 1) * samples.length) >> 2);
    return [`${name} quarter`, part] as const;
  });
  // The last samples are of its end, when it gives back what it had.
  const half = samples.slice(samples.length >> 1, -2);
  const megabytes = Math.round(statSync(path.join(dir, 'run.sqlite')).size / 2 ** 20);
  return {
    title: 'Resident memory',
    columns: [
      { name: 'part of the run' },
      { name: 'average', unit: 'MB', better: 'lower' },
      { name: 'samples', unit: 'MB' },
    ],
    rows: [...quarters, ['second half', half] as const, ['all', samples] as const].map(([name, part]) => [
      name,
      part.reduce((a, b) => a + b, 0) / part.length,
      measured(part),
    ]),
    notes: [
      `${evaluations.toLocaleString('en-US')} evaluations, ${optimizers.started.toLocaleString('en-US')} optimizers, in ${seconds.toFixed(0)} s; the log has ${megabytes} MB. The second half is without the last second.`,
    ],
  };
}

/** @returns what `glompo` printed, and its resident memory in MB, again and again */
async function watched(
  args: readonly string[],
  everyMs: number,
): Promise<{ readonly samples: readonly number[]; readonly output: string }> {
  const run = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  run.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const closed = new Promise((resolve) => run.once('close', resolve));
  const samples: number[] = [];
  while (run.exitCode === null && run.signalCode === null) {
    await sleep(everyMs);
    try {
      const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${run.pid}/status`, 'utf8')) ?? [];
      if (kilobytes !== undefined) samples.push(Number(kilobytes) / 1024);
    } catch {
      // It has just ended.
    }
  }
  await closed;
  return { samples, output };
}
