import { printable } from '../views/format.ts';
import { EXIT } from './exit-codes.ts';

/**
 * The two ends of the command line. Standard output carries a command's result and nothing else: whatever a task, a library or a thread
 * prints there goes to standard error instead.
 */

const writeResult = process.stdout.write.bind(process.stdout);

/** From here on only `printResult` reaches standard output. */
export function reserveStdout(): void {
  // Whatever that does at the time: on a terminal it writes above a picture.
  process.stdout.write = ((...written: Parameters<typeof process.stderr.write>) =>
    process.stderr.write(...written)) as typeof process.stdout.write;
}

/** A terminal that was closed, or a pipe whose reader went away: the run goes on, and what it says is in its log. */
process.stderr.on('error', () => {});

let isGone = false;

/**
 * A reader that has seen enough, as `head` has, is no failure of the command, which goes on to its end. Anything else, such as a full disk, is
 * told, and is one where there was none.
 */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (isGone) return;
  isGone = true;
  if (error.code === 'EPIPE') return;
  printError(`glompo: cannot write to standard output: ${error.message}`);
  // Whatever the command says until then.
  process.once('exit', () => {
    process.exitCode ||= EXIT.failed;
  });
});

/** Whether nobody gets what else is printed of the result. */
export function isResultLost(): boolean {
  return isGone;
}

/** One or more lines of the command's result. */
export function printResult(text: string): void {
  writeResult(`${text}\n`);
}

/** Messages may quote what stands in a log or a file of anybody's: a terminal is told none of its escapes. */
export function printError(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}

/** Whether people look at standard error, on something that can be drawn on. */
export function isTerminal(): boolean {
  return process.stderr.isTTY && process.env['TERM'] !== 'dumb';
}
