/**
 * How long evaluations are at risk: from their end until their host knows that they are in the log, which is what a crash of the manager
 * can cost. Slow tasks, on 8 slots, for each place where optimizers run. Writes finish-to-ack.md beside this file.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import type { Level1 } from '../src/config/run-config.ts';
import { GloMPOManager } from '../src/manager/manager.ts';

const EVALUATIONS = 1500;

const lines: string[] = [];
for (const backend of ['inline', 'threads', 'processes'] as const satisfies readonly Level1[])
  for (const durability of ['commit', 'full'] as const) {
    const folder = mkdtempSync(path.join(tmpdir(), 'glompo-bench-'));
    try {
      writeFileSync(
        path.join(folder, 'task.mjs'),
        'export default async (x) => { await new Promise((r) => setTimeout(r, 50 + 50 * Math.random())); return 50 * Math.random() + x[0]; };',
      );
      await using manager = new GloMPOManager({
        task: { module: 'task.mjs' },
        baseDir: folder,
        parameters: ['a', 'b', 'c', 'd'].map((name) => ({ name, min: -5, max: 5 })),
        optimizers: [{ random: { workers: 2 } }],
        hunters: 'none',
        stop: { 'max-evaluations': EVALUATIONS },
        manager: { maxJobs: 8, backend, durability, seed: 1 },
        dir: path.join(folder, 'run'),
      });
      await manager.start();
      const { medianMs, p99Ms } = manager.progress()!.utilisation.acknowledgement!;
      lines.push(`| ${backend} | ${durability} | ${medianMs} | ${p99Ms} |`);
      console.error(lines.at(-1));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
writeFileSync(
  path.join(import.meta.dirname, 'finish-to-ack.md'),
  `# From the end of an evaluation to its place in the log

Made by \`node bench/finish-to-ack.ts\` on ${new Date().toISOString().slice(0, 10)}, Node.js ${process.versions.node}, ${availableParallelism()} cores.
${EVALUATIONS} evaluations of 50 to 100 ms each, 4 optimizers with 2 workers. Milliseconds from the end of an evaluation until its host knew that it is in the log; right to within a fifth.

| backend | durability | median | 99 % within |
| --- | --- | --- | --- |
${lines.join('\n')}
`,
);
