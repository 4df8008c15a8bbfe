import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { CodedError, messageOf } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { linesOf } from './lines.ts';
import { findSocket } from './place.ts';
import { type Command, parseLine, refusalCode, toLine } from './protocol.ts';

export interface ConnectionOptions {
  /** How long a run may take to answer: one that evaluates in its own thread is busy as long as an evaluation takes. @default 30000 */
  readonly timeoutMs?: number;
}

/** A connection to a live run. */
export class ControlConnection implements Disposable {
  readonly #runDir: string;
  readonly #socket: Socket;
  readonly #lines: AsyncIterator<string, void, undefined>;
  readonly #timeoutMs: number;

  private constructor(runDir: string, socket: Socket, timeoutMs: number) {
    this.#runDir = runDir;
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
    this.#lines = linesOf(socket);
    // Whoever waits for an answer, or for the end, hears of it there.
    socket.on('error', () => {});
  }

  /** @throws {CodedError} `run-directory` when no run is live there; `usage` when it cannot be reached: another user's, mostly */
  static async open(runDir: string, options: ConnectionOptions = {}): Promise<ControlConnection> {
    const path = findSocket(runDir);
    if (path === undefined) throw notLive(runDir);
    const socket = connect({ path });
    try {
      await once(socket, 'connect');
    } catch (error) {
      socket.destroy();
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'ECONNREFUSED' || code === 'ENOENT') throw notLive(runDir);
      const cause = code === 'EACCES' ? "it is another user's" : messageOf(error);
      throw new CodedError('usage', `cannot reach the run in ${runDir}: ${cause}`);
    }
    return new ControlConnection(runDir, socket, options.timeoutMs ?? 30_000);
  }

  /**
   * Gives a command, and waits until the run has put it into effect.
   *
   * @returns what the run told about it
   * @throws {CodedError} the run's refusal; `run-directory` when it ended before it answered; `protocol-violation` when it does not answer
   */
  async send(command: Command): Promise<JsonObject> {
    const seconds = this.#timeoutMs / 1000;
    this.#socket.setTimeout(this.#timeoutMs, () => {
      const message = `the run in ${this.#runDir} did not answer for ${seconds} s: it is busy or stopped, and may still do it`;
      this.#socket.destroy(new CodedError('protocol-violation', message));
    });
    try {
      this.#socket.write(toLine({ ...command }));
      const { value } = await this.#lines.next();
      if (value !== undefined) return factsOf(value);
    } catch (error) {
      if (error instanceof CodedError) throw error;
    } finally {
      this.#socket.setTimeout(0);
    }
    throw new CodedError('run-directory', `the run in ${this.#runDir} ended before it answered`);
  }

  /** Waits until the run closes the connection: at its end, when all is in its log; or when it is killed. */
  async closed(): Promise<void> {
    try {
      while (!(await this.#lines.next()).done);
    } catch {
      // It was killed.
    }
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}

/** Gives one command to the run that is live in a directory; see `ControlConnection`. */
export async function sendCommand(
  runDir: string,
  command: Command,
  options: ConnectionOptions = {},
): Promise<JsonObject> {
  using connection = await ControlConnection.open(runDir, options);
  return await connection.send(command);
}

function notLive(runDir: string): CodedError {
  return new CodedError('run-directory', `no run is live in ${runDir}`);
}

/** @throws {CodedError} the refusal that it is */
function factsOf(line: string): JsonObject {
  let answer: Readonly<Record<string, unknown>>;
  try {
    answer = parseLine(line);
  } catch (error) {
    throw new CodedError('protocol-violation', `what answered is no run of glompo: ${messageOf(error)}`);
  }
  const { version: _, id: __, ok, ...facts } = answer;
  if (ok === true) return facts as JsonObject;
  throw new CodedError(
    refusalCode(facts['code']),
    typeof facts['error'] === 'string' ? facts['error'] : 'it refused',
  );
}
