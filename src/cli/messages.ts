import path from 'node:path';
import type { JsonObject } from '../core/json.ts';
import type { Logger, MessageComponent, MessageLevel } from '../core/logger.ts';
import { isHeard, type Levels, levelsOf, parseLevels } from '../messages/levels.ts';
import { MESSAGE_FILE, MessageFile } from '../messages/message-file.ts';
import { isTerminal, printError } from './console.ts';
import type { MessageFlags } from './options.ts';

/** The messages of a command that runs something: all in a file of the run directory, and some on standard error. */
export class CommandMessages implements Logger, AsyncDisposable {
  readonly isQuiet: boolean;
  /** Whether standard error is told of what happens, so that nobody else has to. */
  readonly isTelling: boolean;
  readonly #levels: Levels;
  readonly #open: () => MessageFile;
  #file: MessageFile | undefined;
  readonly #told: MessageLevel;

  /** @param runDir asked for when there is something to write: then it is the run's own */
  constructor(runDir: () => string, { verbose, quiet = false, logLevel }: MessageFlags) {
    this.isQuiet = quiet;
    // A picture shows what happens.
    this.isTelling = verbose > 1 || (verbose > 0 && !isTerminal());
    this.#told = verbose > 1 ? 'debug' : 'info';
    const levels = levelsFor(verbose, logLevel);
    this.#levels = levels;
    this.#open = () => new MessageFile({ file: path.join(runDir(), MESSAGE_FILE), levels });
  }

  hears(level: MessageLevel, component: MessageComponent): boolean {
    return isHeard(level, this.#levels[component]) || this.#tells(level);
  }

  #tells(level: MessageLevel): boolean {
    return this.isTelling && isHeard(level, this.#told);
  }

  log(level: MessageLevel, component: MessageComponent, message: string, fields?: JsonObject): void {
    this.#file ??= this.#open();
    this.#file.log(level, component, message, fields);
    if (this.#tells(level))
      printError(`${new Date().toTimeString().slice(0, 8)} ${level.padEnd(5)} ${component}: ${message}`);
  }

  /** What is no error: `--quiet` is spared it. */
  note(text: string): void {
    if (!this.isQuiet) printError(text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.[Symbol.asyncDispose]();
  }
}

function levelsFor(verbose: number, logLevel: string | undefined): Levels {
  const usual = levelsOf(verbose > 0 ? 'debug' : 'info');
  return logLevel === undefined ? usual : parseLevels(logLevel, usual);
}
