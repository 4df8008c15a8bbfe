import { messageOf } from '../../core/errors.ts';
import type { Custody } from '../../processes/custody.ts';
import { type ProgramEnd, spawnProgram, type Program } from '../../processes/spawn-program.ts';
import { ErrorTail } from '../hosts/output.ts';
import { Lines } from './lines.ts';
import { type FromProgram, MessageFault, readMessage, type ToProgram } from './messages.ts';

/** How long a program has to end when it is asked to, before it is killed. */
const GRACE_MS = 500;

export interface LinkListener {
  message(message: FromProgram): void;
  /** It sent what is no message. */
  garbage(what: string): void;
  /** It is gone. @param cause with the end of its standard error */
  exit(cause: string, end: ProgramEnd): void;
  /** What it printed for people. */
  print(stream: 'out' | 'err', chunk: Uint8Array): void;
}

export interface LinkCommand {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
}

/** The process of an optimizer, and the lines of JSON that it and its host send to each other. */
export class ProgramLink implements AsyncDisposable {
  readonly #program: Program;
  readonly #listener: LinkListener;
  readonly #lines = new Lines();
  readonly #tail = new ErrorTail();
  #isEnding = false;

  constructor(command: LinkCommand, custody: Custody | undefined, listener: LinkListener) {
    this.#listener = listener;
    this.#program = spawnProgram(
      command,
      {
        output: (stream, chunk) => {
          if (stream === 'out') this.#read(chunk);
          else {
            this.#tail.add(chunk);
            listener.print('err', chunk);
          }
        },
        exit: (end) => {
          const line = this.#lines.rest();
          if (line !== '') this.#take(line);
          if (!this.#isEnding) listener.exit(this.#tail.explain(end.cause), end);
        },
      },
      { custody, stdin: 'pipe' },
    );
  }

  send(message: ToProgram): void {
    this.#program.write(`${JSON.stringify(message)}\n`);
  }

  #read(chunk: Uint8Array): void {
    try {
      for (const line of this.#lines.add(chunk)) this.#take(line);
    } catch (error) {
      this.#listener.garbage(messageOf(error));
    }
  }

  #take(line: string): void {
    if (this.#isEnding) return;
    try {
      const message = readMessage(line);
      if (message) this.#listener.message(message);
      else this.#listener.print('out', Buffer.from(`${line}\n`));
    } catch (error) {
      if (!(error instanceof MessageFault)) throw error;
      this.#listener.garbage(error.message);
    }
  }

  /** Ends it at once, with all that it started. Nobody is told. */
  kill(): void {
    this.#isEnding = true;
    this.#program.kill();
  }

  /** Lets it end by itself, for a moment. Nobody is told. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnding = true;
    this.send({ type: 'stop' });
    this.#program.endInput();
    const timer = setTimeout(() => {
      this.#program.kill();
    }, GRACE_MS);
    await this.#program.exited;
    clearTimeout(timer);
  }
}
