import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Benchmark, Table } from './benchmark.ts';
import type { Surroundings } from './machine.ts';
import { markdownOf } from './render.ts';

/** What a benchmark found: the contents of `bench/results/NAME.json`. */
export interface Result extends Surroundings {
  readonly benchmark: string;
  readonly title: string;
  readonly isQuick: boolean;
  /** How long it took. */
  readonly seconds: number;
  readonly tables: readonly Table[];
  /** Peers that are left out. */
  readonly notes: readonly string[];
}

const bench = path.resolve(import.meta.dirname, '..');

/** Where the result of a benchmark is kept. */
export function resultFile(name: string): string {
  return path.join(bench, 'results', `${name}.json`);
}

/** Keeps a result, as JSON and as a page to read. */
export function keep(benchmark: Benchmark, result: Result): void {
  mkdirSync(path.join(bench, 'results'), { recursive: true });
  writeFileSync(resultFile(result.benchmark), `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(path.join(bench, `${result.benchmark}.md`), markdownOf(benchmark.about, result));
}

/** @returns the results in a file: of one benchmark, or of several */
export function readResults(file: string): readonly Result[] {
  const read = JSON.parse(readFileSync(file, 'utf8')) as Result | readonly Result[];
  const results = Array.isArray(read) ? (read as readonly Result[]) : [read as Result];
  for (const result of results)
    if (typeof result?.benchmark !== 'string' || !Array.isArray(result.tables))
      throw new Error(`${file} is no result of \`npm run bench\``);
  return results;
}
