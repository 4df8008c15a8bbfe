import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { GlompoError, messageOf } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { linesOf } from './lines.ts';
import { placeSocket, type SocketPlace } from './place.ts';
import {
  type Command,
  type CommandName,
  commandOf,
  idOf,
  parseLine,
  refusalCode,
  type RequestId,
  toLine,
} from './protocol.ts';

/** Puts commands into effect. What it throws is the answer too: a `GlompoError` as a refusal, anything else as a fault of ours. */
export type Handlers = {
  readonly [Name in CommandName]: (command: Command<Name>) => JsonObject | Promise<JsonObject>;
};

/** More are turned away. Enough for a person and some scripts; each costs the manager a little. */
const MOST_CONNECTIONS = 64;

/** Takes commands to a live run, from its owner alone, through a socket that is there as long as the run is. */
export class ControlServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #place: SocketPlace;
  readonly #connections: ReadonlySet<Socket>;

  private constructor(server: Server, place: SocketPlace, connections: ReadonlySet<Socket>) {
    this.#server = server;
    this.#place = place;
    this.#connections = connections;
  }

  /**
   * @param runDir an absolute path; no other run is live there
   * @throws {CodedError} `run-directory` when no socket can be made
   */
  static async open(runDir: string, handlers: Handlers): Promise<ControlServer> {
    const connections = new Set<Socket>();
    // Who sends and closes its side, as `nc` does, still wants the answer.
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      connections.add(socket);
      socket.on('close', () => connections.delete(socket));
      // Who goes away before the answer does without it.
      socket.on('error', () => {});
      void serve(socket, handlers);
    });
    server.maxConnections = MOST_CONNECTIONS;
    const place = await placeSocket(runDir, async (path) => {
      await close(server);
      server.listen({ path });
      await once(server, 'listening');
    }).catch(async (error: unknown) => {
      await close(server);
      throw error;
    });
    // A connection that could not be accepted is that client's misfortune, not the run's.
    server.on('error', () => {});
    return new ControlServer(server, place, connections);
  }

  /** Where it listens. */
  get path(): string {
    return this.#place.path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#place[Symbol.dispose]();
    const closed = close(this.#server);
    for (const socket of this.#connections) socket.destroySoon();
    await closed;
  }
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  await closed;
}

async function serve(socket: Socket, handlers: Handlers): Promise<void> {
  try {
    // One request at a time, and none while its asker does not take the answers: so neither side's memory fills up.
    for await (const line of linesOf(socket.iterator({ destroyOnReturn: false })))
      if (!socket.write(await answerTo(line, handlers))) await once(socket, 'drain');
    socket.end();
  } catch (thrown) {
    // A line without end; or the connection is gone, and this goes nowhere.
    socket.end(toLine(refusal(thrown)));
    socket.destroySoon();
  }
}

async function answerTo(line: string, handlers: Handlers): Promise<string> {
  let id: RequestId | undefined;
  try {
    const request = parseLine(line);
    id = idOf(request);
    const command = commandOf(request);
    const handle = handlers[command.command] as (command: Command) => JsonObject | Promise<JsonObject>;
    return toLine({ id, ok: true, ...(await handle(command)) });
  } catch (thrown) {
    return toLine({ id, ...refusal(thrown) });
  }
}

function refusal(thrown: unknown): JsonObject {
  const code = refusalCode(thrown instanceof GlompoError ? thrown.code : undefined);
  return { ok: false, error: messageOf(thrown), code };
}
