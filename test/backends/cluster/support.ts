import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { startAgent } from '../../../src/backends/cluster/agent.ts';
import type {
  Agent,
  AgentOptions,
  ClusterConnection,
  ClusterEvent,
  JobOffice,
  OfficeOptions,
} from '../../../src/backends/cluster/contract.ts';
import { openOffice } from '../../../src/backends/cluster/office.ts';
import { type EngineServer, startServer } from '../../../src/backends/cluster/server.ts';
import { Custody } from '../../../src/processes/custody.ts';
import { Folder } from '../../support/folder.ts';

const program = process.env['GLOMPO_NATS_SERVER'] || 'nats-server';
export const hasServer: boolean =
  spawnSync(program, ['--version'], { env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` } })
    .status === 0;

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

export const numbers = (...values: number[]): Uint8Array => new Uint8Array(Float64Array.from(values).buffer);

/** Of bytes that begin where numbers may begin. */
export const valuesOf = (bytes: Uint8Array): number[] => [
  ...new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8),
];

export const never: AbortSignal = new AbortController().signal;
