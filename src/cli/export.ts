import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { CodedError, GlompoError, messageOf } from '../core/errors.ts';
import { filesOfLog } from '../log/place.ts';
import { LogReader } from '../log/reader.ts';
import { csvChunks } from '../views/export/csv.ts';
import { evaluationsTable } from '../views/export/evaluations.ts';
import { jsonlChunks } from '../views/export/jsonl.ts';
import { parquetChunks } from '../views/export/parquet.ts';
import type { Table } from '../views/export/table.ts';
import { isResultLost, printResult } from './console.ts';
import { jsonOption } from './options.ts';

const TEXT_FORMATS = { csv: csvChunks, jsonl: jsonlChunks } as const;
const FORMATS = { ...TEXT_FORMATS, parquet: parquetChunks } as const;

interface ExportFlags {
  readonly format: keyof typeof FORMATS;
  readonly output?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

export function exportCommand(): Command {
  return new Command('export')
    .description('write every evaluation of a run, live or ended, as a table')
    .argument('<dir>', 'the run directory')
    .addOption(
      new Option('--format <format>', 'what to write').choices(Object.keys(FORMATS)).makeOptionMandatory(),
    )
    .option('--output <file>', 'the file to write; standard output when not given (not for parquet)')
    .option('--overwrite', 'replace the file if there is one')
    .addOption(jsonOption())
    .action(exportRun);
}

async function exportRun(directory: string, { format, output, overwrite, json }: ExportFlags): Promise<void> {
  if (output === undefined) {
    if (format === 'parquet') throw usage('--format parquet needs --output FILE');
    if (json) throw usage('--json needs --output FILE: without it, the table itself is the result');
  }
  using reader = new LogReader(directory);
  using _ = reader.snapshot();
  const { table, count } = counted(evaluationsTable(reader));
  if (output === undefined) {
    await toStandardOutput(TEXT_FORMATS[format as keyof typeof TEXT_FORMATS](table));
    return;
  }
  const file = targetOf(output, [directory, path.dirname(reader.place.file)], overwrite ?? false);
  toFile(FORMATS[format](table), file);
  const columns = table.columns.map(({ name }) => name);
  printResult(
    json
      ? JSON.stringify({ file, format, rows: count(), columns })
      : `${count()} evaluations, ${columns.length} columns: ${file}`,
  );
}

function counted({ columns, rows }: Table): { readonly table: Table; readonly count: () => number } {
  let count = 0;
  function* counting(): Generator<Table['rows'] extends Iterable<infer Row> ? Row : never, void> {
    for (const row of rows) {
      count++;
      yield row;
    }
  }
  return { table: { columns, rows: counting() }, count: () => count };
}

/** The file to write, where links lead. */
function targetOf(output: string, logDirs: readonly string[], overwrite: boolean): string {
  if (!existsSync(output)) return path.resolve(output);
  if (!overwrite) throw usage(`${output} exists; --overwrite replaces it`);
  const file = realpathSync(output);
  if (!statSync(file).isFile()) throw usage(`${output} is not a file`);
  const logs = logDirs
    .flatMap((directory) => filesOfLog(realpathSync(directory)))
    .map((name) => (existsSync(name) ? realpathSync(name) : name));
  if (logs.includes(file)) throw usage(`${output} is the run log itself`);
  return file;
}

/** Under another name until it is whole, so that what it replaces is there until then. */
function toFile(chunks: Iterable<string | Uint8Array>, file: string): void {
  const unfinished = `${file}.${process.pid}.part`;
  const descriptor = open(unfinished, file);
  try {
    try {
      for (const chunk of chunks) writeFileSync(descriptor, chunk);
    } finally {
      closeSync(descriptor);
    }
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    if (error instanceof GlompoError) throw error;
    throw new CodedError('internal', `cannot export to ${file}: ${messageOf(error)}`, { cause: error });
  }
}

function open(unfinished: string, file: string): number {
  try {
    return openSync(unfinished, 'w');
  } catch (error) {
    throw usage(`cannot write ${file}: ${messageOf(error)}`);
  }
}

/** As far as somebody reads it: `head` does not read all. */
async function toStandardOutput(chunks: Iterable<string>): Promise<void> {
  for (const chunk of chunks) {
    printResult(chunk.slice(0, -1));
    // What fails is told in a later turn of the event loop.
    await turn();
    if (isResultLost()) return;
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain').catch(() => {});
  }
}

function usage(message: string): CodedError {
  return new CodedError('usage', message);
}
