import { Space } from '../../space/space.ts';
import { type ContextSetup, evaluationContext } from '../../tasks/context.ts';
import type { Outcome, Task } from '../../tasks/contract.ts';
import { evaluateTask } from '../../tasks/evaluate.ts';
import { type InProcessSpec, loadTask } from '../../tasks/load.ts';
import type { OutputSink } from '../hosts/output.ts';
import type { Finished } from '../batch.ts';
import { CANCELLED, type Evaluator, type EvaluatorSetup, type Job } from './contract.ts';

/** Evaluations of a task that answers at once are handed in together, as many as take so long. */
const TOGETHER_MS = 1;
const MOST_TOGETHER = 256;

/** Loads the task into this thread, where it is called by the optimizer's host itself. */
export async function createInlineEvaluator(
  setup: EvaluatorSetup,
  spec: InProcessSpec,
  print: OutputSink,
  wrap: (task: Task) => Task = (task) => task,
): Promise<Evaluator> {
  const { custody, workRoot, optimizerId, onUnable } = setup;
  const task = await loadTask(spec, {
    custody,
    workRoot,
    unable: onUnable,
    print: (stream, chunk) => {
      print(optimizerId, stream, chunk);
    },
  });
  return new InlineEvaluator(setup, wrap(task));
}

/** A call of a task. */
interface Call {
  readonly job: Job;
  readonly startedAt: number;
  readonly since: number;
  readonly abort: AbortController;
}

/**
 * Level 2 without any parallel worker: a synchronous task is done when `submit` returns; of an asynchronous one, up to `workers`
 * calls wait side by side.
 */
class InlineEvaluator implements Evaluator {
  readonly #setup: EvaluatorSetup;
  readonly #task: Task;
  readonly #context: ContextSetup;
  readonly #waiting = new Map<number, Call>();
  /** Handed in because those before answered at once, until one did not. */
  #queue: Job[] = [];
  /** Calls that were given up, and still use what they run in. */
  #leaving = 0;
  /** How many calls may be handed in together. */
  #together = 1;
  #isCancelled = false;

  constructor(setup: EvaluatorSetup, task: Task) {
    this.#setup = setup;
    this.#task = task;
    const { seed, optimizerId, parameters, wantsGradient } = setup;
    this.#context = { seed, optimizerId, wantsGradient, names: new Space(parameters).names };
  }

  get room(): number {
    if (this.#queue.length > 0) return 0;
    return this.#waiting.size + this.#leaving > 0 ? this.demand : Math.max(this.demand, this.#together);
  }

  get demand(): number {
    return Math.max(0, this.#setup.spec.workers - this.#waiting.size - this.#leaving);
  }

  submit(jobs: readonly Job[]): void {
    this.#queue.push(...jobs);
    this.#work();
  }

  /** Calls the task until it has no more room, or there is nothing more to do. */
  #work(): void {
    const { clock } = this.#setup;
    const finished: Finished[] = [];
    const queue = this.#queue;
    // What is given up meanwhile is none of these: they are told of below.
    this.#queue = [];
    const began = clock.elapsed();
    const beganAt = clock.now();
    let since = began;
    let next = 0;
    // A task may end its optimizer.
    while (next < queue.length && this.demand > 0 && !this.#isCancelled) {
      const job = queue[next++]!;
      // Between two readings of the clock that may be set there is one that may not.
      const call = { job, startedAt: beganAt + (since - began), since, abort: new AbortController() };
      const outcome = this.#evaluate(call);
      if (outcome instanceof Promise) {
        this.#together = 1;
        this.#wait(call, outcome);
        since = clock.elapsed();
        continue;
      }
      const now = clock.elapsed();
      finished.push(this.#finish(call, outcome, now));
      since = now;
    }
    if (this.#isCancelled) {
      finished.push(...queue.slice(next).map((job) => this.#unstarted(job)));
      next = queue.length;
    }
    this.#queue = queue.slice(next);
    if (finished.length === 0) return;
    if (this.#waiting.size === 0) this.#plan((since - began) / finished.length);
    this.#setup.onFinished(finished);
  }

  #evaluate({ job, abort }: Call): Outcome | Promise<Outcome> {
    const { candidateId, x, cutoff } = job;
    const context = evaluationContext(this.#context, candidateId, x, abort, cutoff);
    return evaluateTask(this.#task, x, context, this.#setup.spec.retries);
  }

  /** @param took how long the last calls took, on average */
  #plan(took: number): void {
    const most = Math.min(MOST_TOGETHER, Math.floor(TOGETHER_MS / Math.max(took, 1e-6)));
    // The first call of all may take a hundred times as long as those that come after it.
    this.#together = Math.max(1, Math.min(most, 4 * this.#together));
  }

  #wait(call: Call, answer: Promise<Outcome>): void {
    const { candidateId } = call.job;
    const { timeoutSeconds } = this.#setup.spec;
    this.#waiting.set(candidateId, call);
    const cancelTimer =
      timeoutSeconds === undefined
        ? undefined
        : this.#setup.clock.after(1000 * timeoutSeconds, () => {
            const error = `it took longer than timeoutSeconds, ${timeoutSeconds} s`;
            this.#abort(call);
            this.#settle(call, { status: 'timeout', fx: NaN, error });
          });
    void answer.then((outcome) => {
      cancelTimer?.();
      if (call.abort.signal.aborted && this.#task.settlesWhenAborted) {
        this.#leaving--;
        // There is room again.
        this.#setup.onFinished([]);
      }
      this.#settle(call, outcome);
      if (this.#queue.length > 0) this.#work();
    });
  }

  #abort({ abort }: Call): void {
    if (this.#task.settlesWhenAborted) this.#leaving++;
    abort.abort();
  }

  #settle(call: Call, outcome: Outcome): void {
    // It was cancelled or ran out of time, and answered all the same.
    if (!this.#waiting.delete(call.job.candidateId)) return;
    this.#setup.onFinished([this.#finish(call, outcome, this.#setup.clock.elapsed())]);
  }

  #finish({ job: { candidateId, x }, startedAt, since }: Call, outcome: Outcome, now: number): Finished {
    const { worker } = this.#setup;
    const attempts = outcome.attempts ?? 1;
    return { candidateId, x, outcome, startedAt, durationMs: now - since, attempts, worker };
  }

  #unstarted({ candidateId, x }: Job): Finished {
    const { clock, worker } = this.#setup;
    const startedAt = clock.now();
    return { candidateId, x, outcome: CANCELLED, startedAt, durationMs: 0, attempts: 1, worker };
  }

  /** What is submitted here is as good as begun. */
  withdraw(): void {}

  cancel(): void {
    const calls = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#isCancelled = true;
    for (const call of calls) this.#abort(call);
    const now = this.#setup.clock.elapsed();
    const given = [
      ...calls.map((call) => this.#finish(call, CANCELLED, now)),
      ...this.#queue.splice(0).map((job) => this.#unstarted(job)),
    ];
    if (given.length > 0) this.#setup.onFinished(given);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    await this.#task[Symbol.asyncDispose]?.();
  }
}
