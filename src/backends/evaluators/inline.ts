import { Space } from '../../space/space.ts';
import { type ContextSetup, evaluationContext } from '../../tasks/context.ts';
import type { Outcome, Task } from '../../tasks/contract.ts';
import { evaluateTask } from '../../tasks/evaluate.ts';
import { loadTask } from '../../tasks/load.ts';
import type { Finished } from '../batch.ts';
import { CANCELLED, type Evaluator, type EvaluatorSetup, type Job } from './contract.ts';

/** Loads the task into this thread, where it is called by the optimizer's host itself. */
export async function createInlineEvaluator(
  setup: EvaluatorSetup,
  worker: string,
  wrap: (task: Task) => Task = (task) => task,
): Promise<Evaluator> {
  return new InlineEvaluator(setup, wrap(await loadTask(setup.task)), worker);
}

/**
 * Level 2 without any parallel worker: a synchronous task is done when `submit` returns; of an asynchronous one, up to `workers`
 * calls wait side by side.
 */
class InlineEvaluator implements Evaluator {
  readonly #setup: EvaluatorSetup;
  readonly #task: Task;
  readonly #worker: string;
  readonly #context: ContextSetup;
  readonly #waiting = new Map<
    number,
    { readonly job: Job; readonly startedAt: number; readonly since: number }
  >();
  #abort = new AbortController();

  constructor(setup: EvaluatorSetup, task: Task, worker: string) {
    this.#setup = setup;
    this.#task = task;
    this.#worker = worker;
    const { seed, optimizerId, parameters } = setup;
    this.#context = { seed, optimizerId, names: new Space(parameters).names };
  }

  get room(): number {
    return this.#setup.spec.workers - this.#waiting.size;
  }

  submit(jobs: readonly Job[]): void {
    const { clock, onFinished } = this.#setup;
    const finished: Finished[] = [];
    for (const job of jobs) {
      const startedAt = clock.now();
      const since = clock.elapsed();
      const context = evaluationContext(this.#context, job.candidateId, job.x, this.#abort.signal);
      const outcome = evaluateTask(this.#task, job.x, context);
      if (outcome instanceof Promise) {
        this.#waiting.set(job.candidateId, { job, startedAt, since });
        void outcome.then((settled) => {
          this.#settle(job.candidateId, settled);
        });
      } else finished.push(this.#finish(job, outcome, startedAt, since));
    }
    if (finished.length > 0) onFinished(finished);
  }

  #settle(candidateId: number, outcome: Outcome): void {
    const call = this.#waiting.get(candidateId);
    // It was cancelled, and answered all the same.
    if (!call) return;
    this.#waiting.delete(candidateId);
    this.#setup.onFinished([this.#finish(call.job, outcome, call.startedAt, call.since)]);
  }

  #finish({ candidateId, x }: Job, outcome: Outcome, startedAt: number, since: number): Finished {
    const durationMs = this.#setup.clock.elapsed() - since;
    return { candidateId, x, outcome, startedAt, durationMs, attempts: 1, worker: this.#worker };
  }

  cancel(): void {
    const calls = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#abort.abort();
    this.#abort = new AbortController();
    if (calls.length > 0)
      this.#setup.onFinished(
        calls.map(({ job, startedAt, since }) => this.#finish(job, CANCELLED, startedAt, since)),
      );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
  }
}
