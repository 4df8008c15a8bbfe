import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CodedError, messageOf } from '../../core/errors.ts';
import { Custody } from '../../processes/custody.ts';
import type { EvaluationContext, Task, TaskResult } from '../contract.ts';
import { environmentOf } from '../environment.ts';
import { Failure } from '../failure.ts';
import { type Fill, fill, parsePlaceholders, type Placeholders } from '../text/placeholders.ts';
import { listText, numberText } from '../worker/numbers.ts';
import type { TaskWorld } from '../world.ts';
import { parametersText } from './dakota/parameters.ts';
import { readResults } from './dakota/results.ts';
import { readAll } from './read.ts';
import { type Ended, faultOfEnd, runProgram } from './run-program.ts';
import type { CommandSpec } from './spec.ts';
import { readTemplate, type Template, writeTemplate } from './templates.ts';
import { WorkRoom } from './work-directory.ts';

/** Loads a task that starts a program for each evaluation. */
export function loadCommandTask(spec: CommandSpec, world: TaskWorld): Task {
  const task = new CommandTask(spec, world);
  return {
    evaluate: (x, context) => task.evaluate(x, context),
    settlesWhenAborted: true,
    [Symbol.asyncDispose]: () => task[Symbol.asyncDispose](),
  };
}

/** What depends on the parameters' names: known with the first evaluation. */
interface Prepared {
  readonly argv: readonly Placeholders[];
  readonly templates: readonly Template[];
}

class CommandTask implements AsyncDisposable {
  readonly #spec: CommandSpec;
  readonly #world: TaskWorld;
  readonly #custody: Custody | undefined;
  readonly #room: WorkRoom | undefined;
  readonly #running = new Set<Promise<unknown>>();
  /** Read once: a look at each variable of `process.env` takes its time. */
  readonly #env = { ...process.env };
  #prepared: Prepared | undefined;

  constructor(spec: CommandSpec, world: TaskWorld) {
    this.#spec = spec;
    this.#world = world;
    this.#custody = world.custody && Custody.fromTicket(world.custody);
    this.#room = spec.workDirectory && new WorkRoom(spec.workDirectory, world.workRoot);
  }

  async evaluate(x: Float64Array, context: EvaluationContext): Promise<TaskResult> {
    const { optimizerId, candidateId } = context;
    const directory = await this.#room?.open(optimizerId, candidateId).catch((error: unknown) => {
      throw this.#unable(error);
    });
    let result: TaskResult | undefined;
    try {
      result = await this.#evaluateIn(directory ?? this.#spec.cwd, x, context);
      return result;
    } finally {
      if (directory !== undefined) await this.#room?.close(directory, result && valueOf(result));
    }
  }

  async #evaluateIn(directory: string, x: Float64Array, context: EvaluationContext): Promise<TaskResult> {
    const { optimizerId, candidateId, signal, wantsGradient, names } = context;
    const spec = this.#spec;
    const { argv, templates } = this.#prepare(names);
    const values: Fill = {
      parameters: context.parameters,
      specials: {
        '@directory': directory,
        '@config': spec.cwd,
        '@optimizer': String(optimizerId),
        '@candidate': String(candidateId),
        '@seed': String(context.seed),
      },
    };
    const [name = '', ...rest] = argv.map((parts) => fill(parts, values));
    let dakota: { readonly names: readonly string[]; readonly results: string } | undefined;
    try {
      dakota = this.#writeParameters(directory, x, context);
      for (const template of templates) writeTemplate(template, directory, values);
    } catch (error) {
      throw this.#unable(error);
    }
    const ended = await this.#run({
      argv: spec.shell ? ['/bin/sh', '-c', name] : [name, ...rest, ...(dakota?.names ?? [])],
      cwd: directory,
      env: {
        ...environmentOf(spec.environment, this.#env, (text) =>
          fill(parsePlaceholders(text, 'arguments', names).parts, values),
        ),
        GLOMPO_SEED: String(context.seed),
        GLOMPO_OPTIMIZER: String(optimizerId),
        GLOMPO_CANDIDATE: String(candidateId),
        GLOMPO_DIRECTORY: directory,
        GLOMPO_CONFIG: spec.cwd,
        ...(context.cutoff === Infinity ? {} : { GLOMPO_CUTOFF: String(context.cutoff) }),
      },
      input: spec.stdin === 'json' ? requestText(x, context) : undefined,
      signal,
    });
    const fault = faultOfEnd(ended, spec);
    if (fault) throw fault;
    try {
      if (dakota) return readResults(readFile(dakota.results), spec.dakota!, wantsGradient);
      const { stdout } = ended;
      return readAll(spec.read, { stdout: stdout.text, cutBytes: stdout.cutBytes, directory });
    } catch (error) {
      throw error instanceof Failure ? explained(error, ended) : error;
    }
  }

  /** A full disk, or one that is not there, is told of: it says nothing of the point. */
  #unable(error: unknown): unknown {
    this.#world.unable?.(messageOf(error));
    return error;
  }

  #prepare(names: readonly string[]): Prepared {
    if (this.#prepared) return this.#prepared;
    const argv = this.#spec.argv.map((text) => parsePlaceholders(text, 'arguments', names).parts);
    const templates = this.#spec.templates.map((file) => {
      const read = readTemplate(file, names);
      const fault = 'fault' in read ? read.fault : read.faults[0];
      if (fault !== undefined) throw new CodedError('task-load-failed', fault);
      return (read as { readonly template: Template }).template;
    });
    this.#prepared = { argv, templates };
    return this.#prepared;
  }

  /** The two files by which a driver of Dakota's is spoken to, and what it finds as its last arguments. */
  #writeParameters(
    directory: string,
    x: Float64Array,
    { names, candidateId, wantsGradient }: EvaluationContext,
  ): { readonly names: readonly string[]; readonly results: string } | undefined {
    const { dakota } = this.#spec;
    if (!dakota) return undefined;
    const tag = dakota.fileTag ? `.${candidateId}` : '';
    const files = [dakota.parametersFile + tag, dakota.resultsFile + tag];
    const text = parametersText(dakota, { names, x, evaluation: candidateId, wantsGradient });
    writeFileSync(path.join(directory, files[0]!), text);
    return { names: files, results: path.join(directory, files[1]!) };
  }

  async #run(command: Omit<Parameters<typeof runProgram>[0], 'custody'>): Promise<Ended> {
    const ended = runProgram(
      { ...command, custody: this.#custody },
      { maxOutputBytes: this.#spec.maxOutputBytes, graceMs: 1000 * this.#spec.graceSeconds },
      (stream, chunk) => {
        this.#world.print(stream, chunk);
      },
    );
    this.#running.add(ended);
    void ended.then(() => this.#running.delete(ended));
    return ended;
  }

  /** When nothing of its programs is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#running);
    await this.#custody?.[Symbol.asyncDispose]();
    await this.#room?.[Symbol.asyncDispose]();
  }
}

/** One line on standard input, with every bit of its numbers. */
function requestText(x: Float64Array, context: EvaluationContext): string {
  const { names, seed, optimizerId, candidateId, wantsGradient, cutoff } = context;
  const named = names.map((name, i) => `${JSON.stringify(name)}:${numberText(x[i]!)}`);
  const more = { seed, optimizer: optimizerId, candidate: candidateId, wantsGradient };
  const limit = cutoff === Infinity ? '' : `,"cutoff":${numberText(cutoff)}`;
  return `{"x":${listText(x)},"parameters":{${named.join(',')}},${JSON.stringify(more).slice(1, -1)}${limit}}\n`;
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure(`the driver wrote no results file: ${messageOf(error)}`);
  }
}

/** The value that a directory is kept by; residuals by the sum of their squares, whatever their weights. */
function valueOf({ value, residuals }: TaskResult): number | undefined {
  if (value !== undefined) return Number.isFinite(value) ? value : undefined;
  let sum = 0;
  const lists = residuals === undefined ? [] : isList(residuals) ? [residuals] : Object.values(residuals);
  for (const list of lists) for (let i = 0; i < list.length; i++) sum += list[i]! * list[i]!;
  return Number.isFinite(sum) ? sum : undefined;
}

function isList(residuals: NonNullable<TaskResult['residuals']>): residuals is ArrayLike<number> {
  return Array.isArray(residuals) || ArrayBuffer.isView(residuals);
}

/** A result that cannot be read is often explained by what the program said last. */
function explained(failure: Failure, { stderr }: Ended): Failure {
  const said = stderr.lastLine(200);
  return said === '' ? failure : new Failure(`${failure.message}; its standard error ends: ${said}`);
}
