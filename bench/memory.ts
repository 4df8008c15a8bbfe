/**
 * Resident memory of the manager during 5 million cheap evaluations, with hunts, migration and all optimizers in processes of their own,
 * so that it is the manager's alone. Writes memory.md beside this file.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const EVALUATIONS = 5_000_000;
const root = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(tmpdir(), 'glompo-bench-'));
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
stop: { max-evaluations: ${EVALUATIONS} }
manager: { maxJobs: 2, backend: processes, shareBest: true, seed: 1 }
`,
);
const run = spawn(
  process.execPath,
  [path.join(root, 'dist/cli/bin.js'), 'run', config, '--dir', path.join(folder, 'run'), '--json'],
  { stdio: ['ignore', 'pipe', 'ignore'] },
);
let output = '';
run.stdout.on('data', (chunk: Buffer) => {
  output += chunk.toString();
});
const samples: number[] = [];
const begun = performance.now();
while (run.exitCode === null) {
  await sleep(500);
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${run.pid}/status`, 'utf8')) ?? [];
    if (kilobytes !== undefined) samples.push(Number(kilobytes) / 1024);
  } catch {
    // It has just ended.
  }
}
const seconds = (performance.now() - begun) / 1000;
const result = JSON.parse(output) as { evaluations: number; optimizers: { started: number } };
const half = samples.slice(samples.length >> 1, -2);
const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const quarters = [0, 1, 2, 3].map((i) =>
  average(samples.slice((i * samples.length) >> 2, ((i + 1) * samples.length) >> 2)).toFixed(0),
);
const text = `# Memory of the manager

Made by \`node bench/memory.ts\` on ${new Date().toISOString().slice(0, 10)}, Node.js ${process.versions.node}, ${availableParallelism()} cores.
${result.evaluations} evaluations of a 10-D Rastrigin function, ${result.optimizers.started} optimizers, in ${seconds.toFixed(0)} s; the log has ${Math.round(statSync(path.join(folder, 'run', 'run.sqlite')).size / 2 ** 20)} MB.

Resident memory of the manager in MB, averages of the four quarters of the run: ${quarters.join(', ')}; largest ${Math.max(...samples).toFixed(0)}.
Second half: ${Math.min(...half).toFixed(0)} to ${Math.max(...half).toFixed(0)}.
`;
console.error(text);
writeFileSync(path.join(import.meta.dirname, 'memory.md'), text);
rmSync(folder, { recursive: true });
