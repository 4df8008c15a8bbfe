import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../core/errors.ts';
import type { BestPoint, TaskGeometry, TaskSpec } from '../tasks/contract.ts';
import { loadTask } from '../tasks/load.ts';
import { entryUrl } from '../core/places.ts';
import type { TaskThreadAnswer, TaskThreadRequest } from './task-thread-entry.ts';

/** A module that is not loaded by then will not load in any host either. */
const LOAD_SECONDS = 60;

/**
 * Tries to load a task where it can do no harm: in a thread of its own; a program that stays up is started and ended.
 *
 * @param names of the parameters, as far as they are known
 * @returns what is wrong with it, in one line; `undefined` when nothing is
 */
export async function probeTask(spec: TaskSpec, names: readonly string[] = []): Promise<string | undefined> {
  if (spec.kind === 'worker') {
    const { probeProgram } = await import('./evaluators/programs.ts');
    return probeProgram(spec, names);
  }
  if (spec.kind === 'command') return undefined;
  const answer = await ask({ kind: 'load', spec });
  return answer.error;
}

/**
 * What a task module's own `report` says of the best point, for people.
 *
 * @returns `undefined` when the module has none, and a line that says so when it fails
 */
export async function reportOf(spec: TaskSpec, best: BestPoint): Promise<string | undefined> {
  if (spec.kind === 'worker' || spec.kind === 'command') return undefined;
  const answer = await ask({ kind: 'report', spec, best });
  return answer.error === undefined ? answer.text : `(no report: ${answer.error})`;
}

/**
 * What a task says of where its points are. Only a module that has something to say is loaded here.
 *
 * @throws {CodedError} `task-load-failed`
 */
export async function geometryOf(spec: TaskSpec): Promise<TaskGeometry> {
  // Most have nothing: a thread is not started to learn that.
  if (spec.kind !== 'module' || !/\b(distance|canonical)\b/.test(readFileSync(spec.path, 'utf8'))) return {};
  const { geometry = [] } = await ask({ kind: 'load', spec });
  return geometry.length === 0 ? {} : loadTask(spec);
}

/** One that is up before it is known what it is to do. */
let spare: TaskThread | undefined;

/** Starts the thread in which a task will be tried: it comes up while the configuration is read. Disposing of it ends it if it was not needed. */
export function awaitTask(): Disposable {
  spare = new TaskThread();
  return {
    [Symbol.dispose]() {
      spare?.end();
      spare = undefined;
    },
  };
}

async function ask(request: TaskThreadRequest): Promise<TaskThreadAnswer> {
  const thread = spare ?? new TaskThread();
  spare = undefined;
  return thread.ask(request);
}

/** A thread for one request. */
class TaskThread {
  readonly #worker: Worker;
  readonly #answer = Promise.withResolvers<TaskThreadAnswer>();

  constructor() {
    this.#worker = new Worker(entryUrl('backends/task-thread-entry.ts'), { name: 'task' });
    const { resolve } = this.#answer;
    this.#worker.once('message', resolve);
    this.#worker.once('error', (error) => {
      resolve({ error: messageOf(error) });
    });
    this.#worker.once('exit', (code) => {
      resolve({ error: `it called process.exit(${code}) while it was loaded` });
    });
  }

  async ask(request: TaskThreadRequest): Promise<TaskThreadAnswer> {
    this.#worker.postMessage(request);
    const timer = setTimeout(() => {
      this.#answer.resolve({ error: `it did not load within ${LOAD_SECONDS} s` });
    }, 1000 * LOAD_SECONDS);
    try {
      return await this.#answer.promise;
    } finally {
      clearTimeout(timer);
      this.end();
    }
  }

  /** Nobody has to wait until it has ended. */
  end(): void {
    void this.#worker.terminate();
  }
}
