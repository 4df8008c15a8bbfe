import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { startAgent } from '../backends/cluster/agent.ts';
import type { AgentEnd, AgentOptions } from '../backends/cluster/contract.ts';
import { Station } from '../backends/cluster/station.ts';
import { printOwn } from '../backends/hosts/output.ts';
import type { RunConfig } from '../config/run-config.ts';
import { messageOf } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { workerFacts } from '../manager/worker-facts.ts';
import { Custody } from '../processes/custody.ts';
import { printError } from './console.ts';
import { EXIT } from './exit-codes.ts';
import { onJobLimit } from './job-limits.ts';

export interface ServeSetup {
  readonly config: RunConfig;
  readonly connection: AgentOptions['connection'];
  readonly slots: number;
  readonly evaluate: 'processes' | 'threads';
  readonly lingerSeconds: number;
  /** How long evaluations may take to their end once it is asked to go, before they are handed back. */
  readonly graceSeconds: number;
  /** The run directory, where it is seen from here: work directories that are kept stay there. @default they are gone with this */
  readonly runDir?: string;
  /** It was launched with the one that manages: that nobody is there any more is no failure of its own. @default false */
  readonly isPart?: boolean;
}

/** Evaluates for a run until that is over, or this is asked to go. Sets the exit code. */
export async function serveRun(setup: ServeSetup): Promise<void> {
  const { config, slots } = setup;
  await using resources = new AsyncDisposableStack();
  const custody = resources.use(await Custody.start({ containment: config.manager.containment }));
  // Not the manager's own: an evaluation that was given to another worker may still be under way here.
  const workRoot =
    setup.runDir === undefined
      ? mkdtempSync(path.join(tmpdir(), 'glompo-worker-'))
      : path.join(setup.runDir, 'work', `${hostname()}-${process.pid}`);
  resources.defer(() => {
    if (setup.runDir === undefined) rmSync(workRoot, { recursive: true, force: true });
  });
  const bench = resources.use(new Stations(setup, custody, workRoot));
  const agent = startAgent({
    connection: setup.connection,
    slots,
    facts: workerFacts(config),
    onWelcome: (welcome) => bench.open(welcome),
    perform: async (payload, slot, signal) => {
      try {
        return await bench.perform(payload, slot, signal);
      } catch (error) {
        const message = messageOf(error);
        if (!signal.aborted) printError(`others are to do what cannot be done here: ${message}`);
        // It is logged if nobody else can do it either.
        throw new Error(`${workerName()}: ${message}`, { cause: error });
      }
    },
    lingerSeconds: setup.lingerSeconds,
    onMessage: printError,
  });
  using _ = onSignals((name) => {
    printError(`${name}: taking no more evaluations; what runs may finish. Once more to end at once.`);
    agent.drain(setup.graceSeconds);
  });
  const code = codeOf(await agent.ended);
  process.exitCode = setup.isPart === true && code === EXIT.failed ? EXIT.done : code;
}

/** The slots of this worker. What they need is there when the manager has said what run it is. */
class Stations implements AsyncDisposable {
  readonly #setup: ServeSetup;
  readonly #custody: Custody;
  readonly #workRoot: string;
  #seed: number | undefined;
  #all: readonly Station[] = [];

  constructor(setup: ServeSetup, custody: Custody, workRoot: string) {
    this.#setup = setup;
    this.#custody = custody;
    this.#workRoot = workRoot;
  }

  /** @throws {CodedError} `task-load-failed` */
  async open({ seed, retries }: JsonObject): Promise<void> {
    if (this.#seed === seed) return;
    await this[Symbol.asyncDispose]();
    const { config, slots, evaluate } = this.#setup;
    this.#seed = seed as number;
    this.#all = Array.from(
      { length: slots },
      () =>
        new Station({
          task: config.task,
          parameters: config.parameters,
          seed: seed as number,
          retries: retries as number,
          evaluate,
          custody: this.#custody.ticket('thread'),
          workRoot: this.#workRoot,
          worker: workerName(),
          print: printOwn,
        }),
    );
    await Promise.all(this.#all.map((station) => station.load()));
  }

  perform(payload: Uint8Array, slot: number, signal: AbortSignal): Promise<Uint8Array> {
    return this.#all[slot]!.perform(payload, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#all.map((station) => station[Symbol.asyncDispose]()));
  }
}

/** Who this is, in the log. */
function workerName(): string {
  return `${hostname()} ${process.pid}`;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The first signal is told of, and one that the time of a job is up; the second ends this at once. */
function onSignals(first: (name: string) => void): Disposable {
  let isLeaving = false;
  const leave = (name: string): void => {
    if (isLeaving) process.exit(name === 'SIGINT' ? EXIT.interrupted : EXIT.terminated);
    isLeaving = true;
    first(name);
  };
  for (const name of SIGNALS) process.on(name, leave);
  const limits = onJobLimit(leave);
  return {
    [Symbol.dispose]() {
      for (const name of SIGNALS) process.off(name, leave);
      limits[Symbol.dispose]();
    },
  };
}

function codeOf(end: AgentEnd): number {
  switch (end.kind) {
    case 'over':
      printError('the run is over');
      return EXIT.done;
    case 'drained':
      return EXIT.done;
    case 'alone':
      printError('the manager was not to be reached: leaving');
      return EXIT.failed;
    case 'refused':
      printError(`the manager has another task:\n${end.differences.map((one) => `  ${one}`).join('\n')}`);
      return EXIT.usage;
  }
}
