import { resolveConfig } from '../../../src/config/resolve.ts';
import { Custody } from '../../../src/processes/custody.ts';
import { evaluationContext } from '../../../src/tasks/context.ts';
import type { Outcome, Task } from '../../../src/tasks/contract.ts';
import { evaluateTask } from '../../../src/tasks/evaluate.ts';
import { loadTask } from '../../../src/tasks/load.ts';
import { Folder } from '../../support/folder.ts';

export interface Asked {
  readonly candidate?: number;
  readonly signal?: AbortSignal;
  readonly retries?: number;
  readonly cutoff?: number;
  readonly wantsGradient?: boolean;
}

/** A command task as a configuration names it, in a folder of its own, with the custody that a run would have. */
export class Bench implements AsyncDisposable {
  readonly folder: Folder = new Folder();
  printed = { out: '', err: '' };
  #custody: Custody | undefined;
  #task: Task | undefined;
  #names: readonly string[] = [];

  /** @param task `task` of a configuration beside the files of the folder */
  async load(task: object, names: readonly string[] = ['a', 'b']): Promise<void> {
    const parameters = names.map((name) => ({ name, min: -10, max: 10 }));
    const config = await resolveConfig({ task, parameters }, { baseDir: this.folder.path });
    this.#names = names;
    this.#custody = await Custody.start({ containment: 'none' });
    this.#task = await loadTask(config.task as Parameters<typeof loadTask>[0], {
      custody: this.#custody.ticket('thread'),
      workRoot: this.folder.at('work'),
      print: (stream, chunk) => {
        this.printed[stream] += Buffer.from(chunk).toString();
      },
    });
  }

  async evaluate(x: readonly number[] = [1, 2], asked: Asked = {}): Promise<Outcome> {
    const { candidate = 7, signal = new AbortController().signal, retries = 0, cutoff } = asked;
    const setup = {
      names: this.#names,
      seed: 3,
      optimizerId: 1,
      wantsGradient: asked.wantsGradient ?? false,
    };
    const point = Float64Array.from(x);
    return evaluateTask(
      this.#task!,
      point,
      evaluationContext(setup, candidate, point, { signal }, cutoff),
      retries,
    );
  }

  /** A program of the folder. @returns how a configuration names it */
  script(name: string, text: string): string {
    this.folder.write(name, text);
    return `./${name}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#task?.[Symbol.asyncDispose]?.();
    await this.#custody?.[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}

/** A command that runs a shell script given as a text. */
export const sh = (script: string, ...args: readonly string[]): readonly string[] => [
  '/bin/sh',
  '-c',
  script,
  'sh',
  ...args,
];
