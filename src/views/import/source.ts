import type { Cell } from '../export/table.ts';

/** One row of a file. */
export interface SourceRow {
  /** Which line or row of the file it is, from 1. */
  readonly at: number;
  /** In the order of the source's columns; what is not there is `undefined`, or missing at the end. */
  readonly cells: readonly Cell[];
  /** What is wrong with the row as a whole, which is then not looked at. */
  readonly mistake?: string;
}

/** A table in a file that anyone may have written. */
export interface Source {
  /** As the user gave it. */
  readonly file: string;
  /** Empty before the first row, and in JSON lines longer with every key that comes for the first time. */
  readonly columns: readonly string[];
  /** Whether numbers, times and the like are given as text. */
  readonly isText: boolean;
  /**
   * Pieces of the file, to be read once. Whoever stops early has closed the file.
   *
   * @throws {CodedError} `usage` where the file cannot be read any further
   */
  readonly pieces: AsyncIterable<Iterable<SourceRow>>;
  /** `old.csv:7` */
  place(at: number): string;
}
