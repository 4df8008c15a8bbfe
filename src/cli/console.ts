/**
 * The two ends of the command line. Standard output carries a command's result and nothing else: whatever a task, a library or a thread
 * prints there goes to standard error instead.
 */

const writeResult = process.stdout.write.bind(process.stdout);

/** From here on only `printResult` reaches standard output. */
export function reserveStdout(): void {
  process.stdout.write = process.stderr.write.bind(process.stderr);
}

/** One or more lines of the command's result. */
export function printResult(text: string): void {
  writeResult(`${text}\n`);
}

/** Messages may quote what stands in a log or a file of anybody's: a terminal is told none of its escapes. */
export function printError(text: string): void {
  process.stderr.write(`${inert(text)}\n`);
}

/**
 * Control characters, and those that turn the direction of writing, as JSON writes them: a terminal would do what they say.
 * Line breaks and tabs stay.
 */
export function inert(text: string): string {
  return text.replaceAll(
    // oxlint-disable-next-line no-control-regex -- that is what it is about
    /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Whether people look at standard error. */
export function isTerminal(): boolean {
  return process.stderr.isTTY;
}
