import { appendFileSync } from 'node:fs';
import type { Logger as Pino } from 'pino';
import type { JsonObject } from '../core/json.ts';
import { type Logger, MESSAGE_COMPONENTS, type MessageComponent, type MessageLevel } from '../core/logger.ts';
import { isHeard, type Levels, levelsOf } from './levels.ts';
import type { RotatingFile } from './rotating-file.ts';

const LOAD_AFTER_MS = 500;

/** The name of the file in a run directory. */
export const MESSAGE_FILE = 'glompo.log';

export interface MessageFileOptions {
  readonly file: string;
  /** Up to which level each component is heard. @default info */
  readonly levels?: Levels;
  /** At how many bytes it is begun anew, 3 of those before it kept. @default 5 MiB */
  readonly largestBytes?: number;
}

interface Message {
  readonly time: string;
  readonly level: MessageLevel;
  readonly component: MessageComponent;
  readonly message: string;
  readonly fields: JsonObject;
}

type Writers = Readonly<Record<MessageComponent, (message: Message) => void>>;

/**
 * Writes messages into a file, a line of JSON each: `level`, `time`, `component`, `message`, and fields. The file is there from the first message on,
 * and is added to. A file that cannot be written is done without.
 *
 * @example
 * await using logger = new MessageFile({ file: 'runs/demo/glompo.log' });
 * await using manager = new GloMPOManager({ config: 'demo.yaml', dir: 'runs/demo', logger });
 */
export class MessageFile implements Logger, AsyncDisposable {
  readonly #options: MessageFileOptions;
  readonly #levels: Levels;
  /** Until what writes them is loaded. */
  #held: Message[] = [];
  #writers: Writers | undefined;
  #output: RotatingFile | undefined;
  #loading: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(options: MessageFileOptions) {
    this.#options = options;
    this.#levels = options.levels ?? levelsOf('info');
  }

  hears(level: MessageLevel, component: MessageComponent): boolean {
    return isHeard(level, this.#levels[component]);
  }

  log(level: MessageLevel, component: MessageComponent, message: string, fields: JsonObject = {}): void {
    if (this.#isOver || !this.hears(level, component)) return;
    const one = { time: new Date().toISOString(), level, component, message, fields };
    if (this.#writers) this.#writers[component](one);
    else {
      this.#held.push(one);
      if (this.#held.length === 1) this.#begin();
    }
  }

  /** What writes them takes a start 20 ms to load, and nobody reads them yet. */
  #begin(): void {
    process.on('exit', this.#flush);
    this.#timer = setTimeout(() => {
      this.#loading = this.#load();
    }, LOAD_AFTER_MS).unref();
  }

  async #load(): Promise<void> {
    try {
      const [{ pino }, { RotatingFile: File }] = await Promise.all([
        import('pino'),
        import('./rotating-file.ts'),
      ]);
      const { file, largestBytes } = this.#options;
      this.#output = new File(file, largestBytes);
      this.#writers = writersOf(pino, this.#output, this.#levels);
    } catch {
      this.#isOver = true;
    }
    const held = this.#held;
    this.#held = [];
    if (!this.#isOver) for (const one of held) this.#writers![one.component](one);
  }

  /** The process is about to be gone, or the run was so short that nothing was loaded. */
  readonly #flush = (): void => {
    this.#output?.flushSync();
    const lines = this.#held.map(
      ({ level, time, component, fields, message }) =>
        `${JSON.stringify({ level, time, component, ...fields, message })}\n`,
    );
    this.#held = [];
    try {
      if (lines.length > 0) appendFileSync(this.#options.file, lines.join(''));
    } catch {
      // There is nowhere left to say so.
    }
  };

  /** Waits until all is written, for a second at the most. Nothing is taken after it. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    await this.#loading;
    this.#isOver = true;
    if (this.#output) await this.#output.close();
    else this.#flush();
    process.off('exit', this.#flush);
  }
}

/** Of each component one, as they have levels of their own. */
function writersOf(pino: typeof import('pino').pino, output: RotatingFile, levels: Levels): Writers {
  let time = '';
  const root = pino(
    {
      level: 'debug',
      base: null,
      messageKey: 'message',
      // It may have waited.
      timestamp: () => `,"time":"${time}"`,
      formatters: { level: (level) => ({ level }) },
    },
    output,
  );
  const writer = (component: MessageComponent): ((message: Message) => void) => {
    const child: Pino = root.child({ component }, { level: levels[component] });
    return (one) => {
      ({ time } = one);
      child[one.level](one.fields, one.message);
    };
  };
  return Object.fromEntries(MESSAGE_COMPONENTS.map((one) => [one, writer(one)])) as Writers;
}
