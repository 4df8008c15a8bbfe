import { clip, CodedError, GlompoError, messageOf } from '../core/errors.ts';

/**
 * Does something with a log that may be damaged anywhere, so that whatever is thrown says which file it was: a page that SQLite finds
 * malformed only when it comes to it, JSON that is none, a blob of half a number.
 *
 * @throws {CodedError} `log-unusable`
 */
export function withLog<Result>(file: string, use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    if (error instanceof GlompoError) throw error;
    throw new CodedError('log-unusable', `cannot read the run log ${file}: ${explain(error)}`, {
      cause: error,
    });
  }
}

const LONGEST_MESSAGE = 300;

/** An error of SQLite as part of a line: of a schema that is damaged it quotes all that is left. */
export function lineOf(error: unknown): string {
  return clip(messageOf(error).replaceAll(/\s*\n\s*/g, ' '), LONGEST_MESSAGE);
}

/** What SQLite says leaves open sometimes what to do. */
function explain(error: unknown): string {
  const message = lineOf(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const isNonsense =
    error instanceof SyntaxError || error instanceof RangeError || error instanceof TypeError;
  if (isNonsense || code.startsWith('SQLITE_CORRUPT')) return `it is damaged (${message})`;
  // A log in WAL mode cannot be read without writing the index of its WAL.
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY'))
    return `${message}; the log of a run that did not end needs a directory that can be written: copy the directory to one`;
  return message;
}
