import { systemClock } from '../../core/clock.ts';
import { CodedError } from '../../core/errors.ts';
import { Recent } from '../../core/recent.ts';
import type { CustodyTicket } from '../../processes/custody.ts';
import type { Parameter } from '../../space/parameter.ts';
import { Space } from '../../space/space.ts';
import type { ContextSetup } from '../../tasks/context.ts';
import { needsOf } from '../../tasks/command/needs.ts';
import type { TaskSpec } from '../../tasks/contract.ts';
import type { Finished } from '../batch.ts';
import type { EvaluationReply } from '../evaluators/chunk.ts';
import type { Evaluator, EvaluatorSetup, Job } from '../evaluators/contract.ts';
import { PooledEvaluator } from '../evaluators/pooled.ts';
import { ProgramShelf } from '../evaluators/program-shelf.ts';
import type { ProgramCrew } from '../evaluators/programs.ts';
import { createEvaluator } from '../evaluators/registry.ts';
import type { OutputSink } from '../hosts/output.ts';
import type { Crew } from '../pool/crew.ts';
import { decodePoints, encodeReplies, type PointsSetup } from './evaluations.ts';

export interface StationSetup {
  readonly task: TaskSpec;
  readonly parameters: readonly Parameter[];
  /** The run's, as the manager tells it. */
  readonly seed: number;
  /** How often it tries a point again, if nothing else is said with it. */
  readonly retries: number;
  /** Where a task that is a function is called. Programs are processes of their own anyway. */
  readonly evaluate: 'processes' | 'threads';
  readonly custody: CustodyTicket;
  /** An absolute path: below it are the work directories of programs. */
  readonly workRoot: string;
  /** Who evaluated, for the log. */
  readonly worker: string;
  readonly print: OutputSink;
}

/** Optimizers that a slot works for in turn, by far: of those that are over nothing needs to be kept, and nobody tells which these are. */
const MOST_PROGRAMS = 256;

/** By what points are evaluated, and the workers behind it, which may all fail to start. */
interface Equipment {
  readonly evaluator: Evaluator;
  readonly crew?: { readonly failure: Error | undefined };
}

interface Program {
  readonly evaluator: Evaluator;
  /** Takes what finishes, for whoever asked last. */
  readonly sink: { onFinished: EvaluatorSetup['onFinished'] };
}

/**
 * One slot of a worker machine: evaluates what it is sent, for one optimizer after the other, in a worker that stays: what is as dear as a process
 * is not started anew for each of them.
 */
export class Station implements AsyncDisposable {
  readonly #setup: StationSetup;
  readonly #shelf = new ProgramShelf<ProgramCrew>();
  readonly #programs = new Recent<string, Program>(MOST_PROGRAMS, ({ evaluator }) => {
    void evaluator[Symbol.asyncDispose]();
  });
  readonly #names: readonly string[];
  /** What is not there any more of that without which no program can do anything, if something is not. */
  readonly #missing: () => string | undefined;
  /** Why programs could not be given what they need, the last time. */
  #unable: string | undefined;
  #context: ContextSetup;
  #crew: Promise<Crew<Job, EvaluationReply>> | undefined;
  #retries = 0;

  constructor(setup: StationSetup) {
    this.#setup = setup;
    this.#missing = setup.task.kind === 'command' ? needsOf(setup.task) : () => undefined;
    this.#names = new Space(setup.parameters).names;
    this.#context = { names: this.#names, seed: setup.seed, optimizerId: 0, wantsGradient: false };
  }

  /** Loads the task, so that it is known whether it can be. */
  async load(): Promise<void> {
    if (isFunction(this.#setup.task)) await this.#crewFor(this.#setup.retries);
  }

  /** @throws {CodedError} `task-load-failed`, `protocol-violation` */
  async perform(payload: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    const { setup, jobs } = decodePoints(payload, this.#names.length);
    this.#unable = undefined;
    const finished: Finished[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const { evaluator: made, crew } = await this.#evaluator(setup, (some) => {
      finished.push(...some);
      if (finished.length >= jobs.length) resolve();
    });
    await using evaluator = made;
    const cancel = (): void => {
      evaluator.cancel();
    };
    signal.addEventListener('abort', cancel, { once: true });
    if (!signal.aborted) evaluator.submit(jobs);
    else return new Uint8Array();
    await promise;
    signal.removeEventListener('abort', cancel);
    // What came of these points says nothing of them: this machine cannot do them, and others may.
    if (crew?.failure) {
      this.#crew = undefined;
      throw crew.failure;
    }
    const isFailed = finished.some(({ outcome }) => outcome.status === 'failed');
    const lack = isFailed ? (this.#missing() ?? this.#unable) : undefined;
    if (lack !== undefined) throw new CodedError('task-load-failed', lack);
    const byId = new Map(finished.map((one) => [one.candidateId, one]));
    return encodeReplies(
      this.#setup.worker,
      jobs.map(({ candidateId }) => byId.get(candidateId)!),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#programs.values().map(({ evaluator }) => evaluator[Symbol.asyncDispose]()));
    await this.#shelf[Symbol.asyncDispose]();
    await (await this.#crew?.catch(() => undefined))?.[Symbol.asyncDispose]();
  }

  async #evaluator(points: PointsSetup, onFinished: EvaluatorSetup['onFinished']): Promise<Equipment> {
    const { task, parameters, seed, custody, workRoot, worker, evaluate, print } = this.#setup;
    const { optimizerId, wantsGradient, retries, timeoutSeconds } = points;
    const setup: EvaluatorSetup = {
      spec: {
        kind: evaluate,
        workers: 1,
        retries,
        ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
      },
      task,
      parameters,
      seed,
      optimizerId,
      wantsGradient,
      worker,
      custody,
      workRoot,
      onUnable: (why) => {
        this.#unable = why;
      },
      shelf: this.#shelf,
      clock: systemClock,
      onFinished,
    };
    if (task.kind === 'command') return { evaluator: await this.#kept(JSON.stringify(points), setup) };
    if (!isFunction(task)) {
      const { programCrew } = await import('../evaluators/programs.ts');
      const context = { names: this.#names, seed, optimizerId, wantsGradient };
      const programs = await programCrew(task, context, setup, print);
      return { evaluator: new PooledEvaluator(setup, programs), crew: programs };
    }
    const crew = await this.#crewFor(retries);
    const { optimizerId: before, wantsGradient: wanted } = this.#context;
    if (before !== optimizerId || wanted !== wantsGradient)
      this.#context = { ...this.#context, optimizerId, wantsGradient };
    const evaluator = new PooledEvaluator(setup, {
      run: (...chunk) => crew.run(...chunk),
      busySince: (jobs) => crew.busySince(jobs),
      // It stays for what comes next.
      [Symbol.asyncDispose]: async () => {},
    });
    return { evaluator, crew };
  }

  /** Of a program that is started for each evaluation, one for each optimizer: it knows which of its directories was the best so far. */
  async #kept(key: string, setup: EvaluatorSetup): Promise<Evaluator> {
    let entry = this.#programs.get(key);
    if (!entry) {
      const sink = { onFinished: setup.onFinished };
      const own = { ...setup, onFinished: (finished: readonly Finished[]) => sink.onFinished(finished) };
      entry = { sink, evaluator: await createEvaluator(own, this.#setup.print) };
      this.#programs.add(key, entry);
    }
    const { sink, evaluator } = entry;
    sink.onFinished = setup.onFinished;
    return {
      get room() {
        return evaluator.room;
      },
      get demand() {
        return evaluator.demand;
      },
      submit: (jobs) => {
        evaluator.submit(jobs);
      },
      withdraw: () => {},
      cancel: () => {
        // It takes no more after that.
        this.#programs.delete(key);
        evaluator.cancel();
        void evaluator[Symbol.asyncDispose]();
      },
      [Symbol.asyncDispose]: async () => {},
    };
  }

  async #crewFor(retries: number): Promise<Crew<Job, EvaluationReply>> {
    if (this.#crew && this.#retries !== retries) {
      const before = this.#crew;
      this.#crew = undefined;
      await (await before)[Symbol.asyncDispose]();
    }
    this.#retries = retries;
    this.#crew ??= this.#start(retries);
    try {
      return await this.#crew;
    } catch (error) {
      // What keeps it from starting may be over when it is tried the next time.
      this.#crew = undefined;
      throw error;
    }
  }

  async #start(retries: number): Promise<Crew<Job, EvaluationReply>> {
    const { evaluate, custody, print } = this.#setup;
    const task = this.#setup.task as FunctionTask;
    const contextOf = (): ContextSetup => this.#context;
    const context = contextOf();
    if (evaluate === 'threads') {
      const { threadCrew } = await import('../evaluators/threads.ts');
      return await threadCrew({ task, context, retries }, 1, contextOf);
    }
    const { processCrew } = await import('../evaluators/processes.ts');
    return await processCrew({ kind: 'start', task, context, retries }, 1, print, custody, contextOf);
  }
}

type FunctionTask = Extract<TaskSpec, { kind: 'module' | 'benchmark' }>;

/** Whether it is called, not started. */
function isFunction(task: TaskSpec): task is FunctionTask {
  return task.kind === 'module' || task.kind === 'benchmark';
}
