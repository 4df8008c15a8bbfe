import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startAgent } from '../../../src/backends/cluster/agent.ts';
import type {
  Agent,
  AgentOptions,
  ClusterConnection,
  ClusterEvent,
  JobDesk,
  JobOffice,
  OfficeOptions,
} from '../../../src/backends/cluster/contract.ts';
import { openOffice } from '../../../src/backends/cluster/office.ts';
import { type EngineServer, startServer } from '../../../src/backends/cluster/server.ts';
import { Custody } from '../../../src/processes/custody.ts';
import { Folder } from '../../support/folder.ts';
import type { Link } from './link.ts';
import { numbers, valuesOf } from './payloads.ts';

const program = process.env['GLOMPO_NATS_SERVER'] || 'nats-server';
const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` };
export const hasServer: boolean = spawnSync(program, ['--version'], { env }).status === 0;
if (!hasServer) console.warn('no nats-server here: the tests of clusters are skipped');

/** An engine in a folder of its own. */
export class TestEngine implements AsyncDisposable {
  readonly folder: Folder;
  readonly #custody: Custody;
  readonly server: EngineServer;

  private constructor(folder: Folder, custody: Custody, server: EngineServer) {
    this.folder = folder;
    this.#custody = custody;
    this.server = server;
  }

  static async start(): Promise<TestEngine> {
    const folder = new Folder();
    const custody = await Custody.start();
    return new TestEngine(folder, custody, await startServer({ custody, dir: folder.at('engine') }));
  }

  get connection(): ClusterConnection {
    return this.server.connection;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    await this.#custody[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}

/** An office that remembers what it was told. */
export interface TestOffice extends AsyncDisposable {
  readonly office: JobOffice;
  readonly runId: string;
  readonly events: readonly ClusterEvent[];
}

export async function openTestOffice(
  connection: ClusterConnection,
  options: Partial<OfficeOptions> = {},
): Promise<TestOffice> {
  const events: ClusterEvent[] = [];
  const runId = options.runId ?? `run-${randomBytes(4).toString('hex')}`;
  const office = await openOffice({
    connection,
    epoch: 1,
    admit: (facts) => ({ welcome: { you: facts } }),
    onEvent: (event) => events.push(event),
    ...options,
    runId,
  });
  return { office, runId, events, [Symbol.asyncDispose]: () => office[Symbol.asyncDispose]() };
}

export interface TestAgent extends AsyncDisposable {
  readonly agent: Agent;
  readonly messages: readonly string[];
}

/** Gone at the end of its block, if it is not before. */
export function startTestAgent(
  connection: ClusterConnection,
  runId: string,
  perform: AgentOptions['perform'],
  options: Partial<AgentOptions> = {},
): TestAgent {
  const messages: string[] = [];
  const agent = startAgent({
    connection: () => Promise.resolve({ connection, runId }),
    slots: 1,
    facts: {},
    onWelcome: () => {},
    perform,
    onMessage: (message) => messages.push(message),
    ...options,
  });
  return {
    agent,
    messages,
    async [Symbol.asyncDispose]() {
      agent.drain(0);
      await agent.ended.catch(() => {});
    },
  };
}

export const echo: AgentOptions['perform'] = (payload) => Promise.resolve(payload);

export const never: AbortSignal = new AbortController().signal;

/** A server with a configuration of a test's own, which may be killed and started again on the same port. */
export class RawServer implements AsyncDisposable {
  readonly folder: Folder = new Folder();
  readonly port: number;
  #child: ChildProcess | undefined;

  readonly #link: Link | undefined;

  private constructor(port: number, link: Link | undefined) {
    this.port = port;
    this.#link = link;
  }

  /** @param link at the other end of which it runs */
  static async start(config: (folder: string) => string = jetStreamIn, link?: Link): Promise<RawServer> {
    const server = new RawServer(await freePort(), link);
    const listen = `listen: "0.0.0.0:${server.port}"`;
    server.folder.write('server.conf', `${listen}\n${config(server.folder.path)}\n`);
    try {
      await server.run();
      return server;
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
  }

  get url(): string {
    return `nats://${this.#host}:${this.port}`;
  }

  get #host(): string {
    return this.#link?.there ?? '127.0.0.1';
  }

  async run(): Promise<void> {
    const [file, ...args] = [...across(this.#link), program, '-c', this.folder.at('server.conf')];
    this.#child = spawn(file, args, { env, stdio: 'ignore' });
    for (;;) {
      const socket = connect(this.port, this.#host);
      const isOpen = await once(socket, 'connect').then(
        () => true,
        () => false,
      );
      socket.destroy();
      if (isOpen) return;
      if (this.#child.exitCode !== null) throw new Error(`nats-server ended with ${this.#child.exitCode}`);
      await delay(10);
    }
  }

  /** It takes connections, and says nothing, until it is killed. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    this.folder[Symbol.dispose]();
  }
}

export function jetStreamIn(folder: string): string {
  return `jetstream { store_dir: "${folder}/store" }`;
}

/** What starts a program at the other end of a cable. */
function across(link: Link | undefined): readonly string[] {
  return link ? ['ip', 'netns', 'exec', link.namespace] : [];
}

/** A worker in a process of its own, see `cluster-worker.ts`. */
export class ChildWorker implements AsyncDisposable {
  readonly child: ChildProcess;
  /** Values of the jobs that it took up. */
  readonly begun: number[] = [];
  readonly messages: string[] = [];
  end: unknown;
  readonly gone: Promise<unknown>;

  constructor(
    connection: ClusterConnection,
    runId: string,
    options: { readonly slots?: number; readonly lingerSeconds?: number } = {},
    link?: Link,
  ) {
    const [execPath, ...execArgv] = [...across(link), process.execPath];
    this.child = fork(path.join(import.meta.dirname, 'cluster-worker.ts'), {
      execPath,
      execArgv,
      env: { ...process.env, WORKER: JSON.stringify({ connection, runId, slots: 1, ...options }) },
    });
    this.gone = once(this.child, 'exit');
    this.child.on('message', (told: { begun?: number; end?: unknown; message?: string }) => {
      if (told.begun !== undefined) this.begun.push(told.begun);
      if (told.message !== undefined) this.messages.push(told.message);
      if (told.end !== undefined) this.end = told.end;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.gone;
  }
}

/** A manager in a process of its own, see `manager-worker.ts`. */
export class ChildManager implements AsyncDisposable {
  readonly child: ChildProcess;
  begun = 0;

  constructor(options: Pick<OfficeOptions, 'connection' | 'runId' | 'epoch'> & { readonly jobs: number }) {
    this.child = fork(path.join(import.meta.dirname, 'manager-worker.ts'), {
      env: { ...process.env, MANAGER: JSON.stringify(options) },
    });
    this.child.on('message', () => this.begun++);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}

/** Jobs of 50 ms for `cluster-worker.ts`, as they come back. */
export class TestJobs {
  readonly values: readonly number[];
  readonly answers: Promise<readonly (number | undefined)[]>;
  settled = 0;

  constructor(desk: JobDesk, count: number, msOf: (value: number) => number = () => 50) {
    this.values = Array.from({ length: count }, (_, i) => i);
    this.answers = Promise.all(
      this.values.map(async (value) => {
        const [answer] = valuesOf(await desk.run(numbers(value, msOf(value)), never));
        this.settled++;
        return answer;
      }),
    );
  }

  /** Twice the values, each once. */
  get expected(): readonly number[] {
    return this.values.map((value) => 2 * value);
  }
}

/** Looks until it is so. */
export async function until(isSo: () => boolean, what: string, withinMs = 20_000): Promise<void> {
  for (const end = performance.now() + withinMs; !isSo(); await delay(10))
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
