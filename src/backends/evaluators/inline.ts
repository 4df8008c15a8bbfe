import { Space } from '../../space/space.ts';
import { type ContextSetup, evaluationContext } from '../../tasks/context.ts';
import type { Outcome, Task } from '../../tasks/contract.ts';
import { evaluateTask } from '../../tasks/evaluate.ts';
import { type InProcessSpec, loadTask } from '../../tasks/load.ts';
import type { OutputSink } from '../hosts/output.ts';
import type { Finished } from '../batch.ts';
import { CANCELLED, type Evaluator, type EvaluatorSetup, type Job } from './contract.ts';

/** Loads the task into this thread, where it is called by the optimizer's host itself. */
export async function createInlineEvaluator(
  setup: EvaluatorSetup,
  spec: InProcessSpec,
  print: OutputSink,
  wrap: (task: Task) => Task = (task) => task,
): Promise<Evaluator> {
  const { custody, workRoot, optimizerId } = setup;
  const task = await loadTask(spec, {
    custody,
    workRoot,
    print: (stream, chunk) => {
      print(optimizerId, stream, chunk);
    },
  });
  return new InlineEvaluator(setup, wrap(task));
}

/** A call of an asynchronous task that has not answered. */
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
  /** Calls that were given up, and still use what they run in. */
  #leaving = 0;

  constructor(setup: EvaluatorSetup, task: Task) {
    this.#setup = setup;
    this.#task = task;
    const { seed, optimizerId, parameters, wantsGradient } = setup;
    this.#context = { seed, optimizerId, wantsGradient, names: new Space(parameters).names };
  }

  get room(): number {
    return Math.max(0, this.#setup.spec.workers - this.#waiting.size - this.#leaving);
  }

  submit(jobs: readonly Job[]): void {
    const { clock, onFinished, spec } = this.#setup;
    const finished: Finished[] = [];
    for (const job of jobs) {
      const startedAt = clock.now();
      const since = clock.elapsed();
      const abort = new AbortController();
      const { candidateId, x, cutoff } = job;
      const context = evaluationContext(this.#context, candidateId, x, abort.signal, cutoff);
      const outcome = evaluateTask(this.#task, x, context, spec.retries);
      if (outcome instanceof Promise) this.#wait({ job, startedAt, since, abort }, outcome);
      else finished.push(this.#finish(job, outcome, startedAt, since));
    }
    if (finished.length > 0) onFinished(finished);
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
    });
  }

  #abort({ abort }: Call): void {
    if (this.#task.settlesWhenAborted) this.#leaving++;
    abort.abort();
  }

  #settle({ job, startedAt, since }: Call, outcome: Outcome): void {
    // It was cancelled or ran out of time, and answered all the same.
    if (!this.#waiting.delete(job.candidateId)) return;
    this.#setup.onFinished([this.#finish(job, outcome, startedAt, since)]);
  }

  #finish({ candidateId, x }: Job, outcome: Outcome, startedAt: number, since: number): Finished {
    const durationMs = this.#setup.clock.elapsed() - since;
    const { worker } = this.#setup;
    return { candidateId, x, outcome, startedAt, durationMs, attempts: outcome.attempts ?? 1, worker };
  }

  cancel(): void {
    const calls = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const call of calls) this.#abort(call);
    if (calls.length > 0)
      this.#setup.onFinished(
        calls.map(({ job, startedAt, since }) => this.#finish(job, CANCELLED, startedAt, since)),
      );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    await this.#task[Symbol.asyncDispose]?.();
  }
}
