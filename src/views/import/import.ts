import type { LoggedEvaluation } from '../../log/reader.ts';
import { csvSource } from './csv.ts';
import { EvaluationReader } from './evaluations.ts';
import { jsonlSource } from './jsonl.ts';
import { Mistakes } from './mistakes.ts';
import type { ParameterRules } from './parameters.ts';
import { parquetSource } from './parquet.ts';
import type { Source } from './source.ts';

/** Formats by their name, which is also how their files' names end. */
export const SOURCES: Readonly<Record<'csv' | 'jsonl' | 'parquet', (file: string) => Source>> = {
  csv: csvSource,
  jsonl: jsonlSource,
  parquet: parquetSource,
};

export type ImportFormat = keyof typeof SOURCES;

/** What was read. */
export interface ImportFigures {
  readonly rows: number;
  readonly names: readonly string[];
  /** Whether the call ids are not those of the file, which had gaps. */
  readonly renumbered: boolean;
  /** Columns without a meaning. */
  readonly ignored: readonly string[];
}

/**
 * Reads a table of evaluations, of a run or of anybody's, row by row. Nothing in it is executed.
 *
 * @param parameters which there must be; nothing: every column that is none of an export's others is a parameter
 * @param keep is given each evaluation with the parameters' names, until the first mistake; call ids are those of the file
 * @throws {CodedError} `usage` with all that is wrong, up to 20 mistakes; what `keep` was given is then worth nothing
 */
export async function readTable(
  file: string,
  format: ImportFormat,
  parameters: ParameterRules | undefined,
  keep: (evaluation: LoggedEvaluation, names: readonly string[]) => void,
): Promise<ImportFigures> {
  const source = SOURCES[format](file);
  const mistakes = new Mistakes(file);
  const reader = new EvaluationReader(source, mistakes, parameters);
  let rows = 0;
  let lastCall = 0;
  for await (const piece of source.pieces)
    for (const row of piece) {
      rows++;
      const evaluation = reader.read(row);
      if (!evaluation || mistakes.count > 0) continue;
      lastCall = evaluation.callId;
      keep(evaluation, reader.names);
    }
  if (source.columns.length > 0) reader.readHeader();
  if (rows === 0) mistakes.add(file, `has no rows${source.columns.length === 0 ? ': it is empty' : ''}`);
  mistakes.throwIfAny();
  return { rows, names: reader.names, renumbered: lastCall !== rows, ignored: reader.ignored };
}
