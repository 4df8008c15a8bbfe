/** `npm run bench`: the benchmarks of speed, all or some of them, and how they compare with what they were. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import type { Benchmark } from './harness/benchmark.ts';
import { comparison } from './harness/compare.ts';
import { surroundings } from './harness/machine.ts';
import { Peers } from './harness/peers.ts';
import { tableText } from './harness/render.ts';
import { keep, readResults, type Result, resultFile } from './harness/results.ts';
import { benchmarks } from './speed/registry.ts';

interface Options {
  readonly list?: true;
  readonly quick?: true;
  readonly compare?: string;
  readonly out?: string;
  readonly run: boolean;
}

const program = new Command('npm run bench --')
  .description('Measures how fast glompo is, side by side with other projects where they are installed.')
  .argument('[name...]', 'some of the benchmarks; when none is named, all that do not take long')
  .option('--list', 'say which there are, and which of them take long')
  .option('--quick', 'figures that are less exact, and there sooner; bench/results is left as it is')
  .option('--compare <OLD.json>', 'then say what changed since; without names, run those that are in it')
  .option('--no-run', 'compare what stands in bench/results')
  .option('--out <FILE>', 'write all results of this run into one file, too')
  .parse();
const options = program.opts<Options>();
const old = options.compare === undefined ? [] : oldResults(options.compare);

if (options.list)
  for (const { name, title, isLong } of benchmarks.values())
    console.log(`${name.padEnd(20)}${title}${isLong ? ' (long: only when named)' : ''}`);
else await main();

function oldResults(file: string): readonly Result[] {
  try {
    return readResults(file);
  } catch (error) {
    return program.error(error instanceof Error ? error.message : String(error), { exitCode: 2 });
  }
}

async function main(): Promise<void> {
  const names =
    program.args.length > 0
      ? program.args
      : old.length > 0
        ? old.map(({ benchmark }) => benchmark)
        : [...benchmarks.values()].filter(({ isLong }) => !isLong).map(({ name }) => name);
  for (const name of names)
    if (!benchmarks.has(name))
      program.error(`there is no benchmark ${name}; there are ${[...benchmarks.keys()].join(', ')}`, {
        exitCode: 2,
      });
  const results: Result[] = [];
  for (const name of names)
    results.push(options.run ? await measure(benchmarks.get(name)!) : readResults(resultFile(name))[0]!);
  if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(results, null, 2)}\n`);
  for (const result of results) {
    const before = old.find(({ benchmark }) => benchmark === result.benchmark);
    if (before) console.log(tableText(comparison(before, result)));
  }
}

async function measure(benchmark: Benchmark): Promise<Result> {
  const { name, title } = benchmark;
  const isQuick = options.quick === true;
  const folder = mkdtempSync(path.join(tmpdir(), 'glompo-bench-'));
  const where = surroundings();
  using peers = new Peers();
  const began = performance.now();
  try {
    const say = (line: string): void => console.error(`${name}: ${line}`);
    const tables = await benchmark.run({ folder, isQuick, peers, say });
    const { versions, notes } = peers;
    const result: Result = {
      benchmark: name,
      title,
      ...where,
      versions: { ...where.versions, ...versions },
      isQuick,
      seconds: Math.round((performance.now() - began) / 100) / 10,
      tables,
      notes,
    };
    if (!isQuick) keep(benchmark, result);
    for (const table of tables) console.log(tableText(table));
    for (const note of notes) console.log(note);
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
