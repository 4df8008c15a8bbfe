import path from 'node:path';
import { Command, Option } from 'commander';
import { loadConfig } from '../config/load.ts';
import type { RunConfig } from '../config/run-config.ts';
import { toPlain } from '../config/write.ts';
import { systemClock } from '../core/clock.ts';
import { CodedError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { type ImportFigures, type ImportFormat, readTable, SOURCES } from '../views/import/import.ts';
import { ImportedLog } from '../views/import/into-log.ts';
import { printError, printResult } from './console.ts';
import { rulesOf } from './import-rules.ts';
import { inDirectory, writerFacts } from './new-log.ts';
import { jsonOption } from './options.ts';

interface ImportFlags {
  readonly into: string;
  readonly config?: string;
  readonly format?: ImportFormat;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

export function importCommand(): Command {
  return new Command('import')
    .description('make a run log of an exported table, or of one that another program wrote')
    .argument('<file>', 'the table: CSV, JSON lines or Parquet')
    .requiredOption('--into <dir>', 'the run directory to make')
    .option('--config <config>', 'a configuration whose parameters the table has')
    .addOption(
      new Option('--format <format>', 'what the file is (default: what its name ends with)').choices(
        Object.keys(SOURCES),
      ),
    )
    .option('--overwrite', 'remove an earlier run in that directory; a live one is never removed')
    .addOption(jsonOption())
    .action(importTable);
}

async function importTable(file: string, flags: ImportFlags): Promise<void> {
  const format = flags.format ?? formatOf(file);
  const config = flags.config === undefined ? undefined : await loadConfig(flags.config);
  const directory = path.resolve(flags.into);
  const { rows, names, renumbered, ignored, optimizers } = await inDirectory(
    directory,
    flags.overwrite ?? false,
    (log) => writeLog(log, file, format, config),
  );
  if (renumbered)
    printError(`${file} has gaps among its call ids: they were numbered anew from 1 to ${rows}`);
  if (ignored.length > 0) printError(`not imported, as no parameter has that name: ${ignored.join(', ')}`);
  printResult(
    flags.json
      ? JSON.stringify({ runDir: directory, format, rows, names, optimizers, renumbered, ignored })
      : `${rows} evaluations, ${names.length} parameters, ${optimizers} optimizers: ${directory}`,
  );
}

function formatOf(file: string): ImportFormat {
  const ending = path.extname(file).slice(1).toLowerCase();
  if (Object.hasOwn(SOURCES, ending)) return ending as ImportFormat;
  throw new CodedError(
    'usage',
    `${file}: its name does not end with .${Object.keys(SOURCES).join(', .')}: say what it is with --format`,
  );
}

async function writeLog(
  logFile: string,
  file: string,
  format: ImportFormat,
  config: RunConfig | undefined,
): Promise<ImportFigures & { readonly optimizers: number }> {
  const rules = config && rulesOf(config);
  let log: ImportedLog | undefined;
  try {
    const figures = await readTable(file, format, rules, (evaluation, names) => {
      log ??= new ImportedLog(logFile, names.length, `imported from ${file}`, systemClock.now());
      log.add(evaluation);
    });
    const { names, renumbered } = figures;
    log!.finish({
      ...writerFacts(),
      names,
      imported: { file: path.resolve(file), format, renumbered },
      ...(config ? { config: withoutSeed(toPlain(config)) } : {}),
    });
    return { ...figures, optimizers: log!.optimizers };
  } finally {
    log?.[Symbol.dispose]();
  }
}

/** It is not known with which seed the evaluations came about, and one that is not given is drawn. */
function withoutSeed(config: JsonObject): JsonObject {
  const { seed: _, ...manager } = config['manager'] as JsonObject;
  return { ...config, manager };
}
