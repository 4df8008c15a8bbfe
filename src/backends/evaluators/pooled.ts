import { oneLine } from '../../tasks/evaluate.ts';
import type { Finished } from '../batch.ts';
import type { Executor, Settled } from '../pool/contract.ts';
import { WorkPool, type WorkPoolOptions } from '../pool/work-pool.ts';
import type { EvaluationReply } from './chunk.ts';
import { CANCELLED, type Evaluator, type EvaluatorSetup, type Job } from './contract.ts';

/** Level 2 on a pool of workers, whatever these are. */
export class PooledEvaluator implements Evaluator {
  readonly #setup: EvaluatorSetup;
  readonly #pool: WorkPool<Job, EvaluationReply>;
  /** When each job was begun, for those of whom no worker tells. */
  readonly #since = new Map<number, number>();

  constructor(
    setup: EvaluatorSetup,
    executor: Executor<Job, EvaluationReply>,
    chunks?: Pick<WorkPoolOptions<Job, EvaluationReply>, 'chunks' | 'largestChunk'>,
  ) {
    const { spec, clock, onFinished } = setup;
    this.#setup = setup;
    this.#pool = new WorkPool({
      executor,
      workers: spec.workers,
      ...chunks,
      // What is elsewhere is tried again and timed there.
      retries: spec.kind === 'cluster' ? 0 : spec.retries,
      timeoutMs: spec.kind === 'cluster' ? Infinity : 1000 * (spec.timeoutSeconds ?? Infinity),
      clock,
      durationOf: ({ durationMs }) => durationMs,
      onSettled: (settled) => {
        onFinished(settled.map((one) => this.#finish(one)));
      },
    });
  }

  get room(): number {
    return this.#pool.room;
  }

  get demand(): number {
    return this.#pool.room;
  }

  submit(jobs: readonly Job[]): void {
    // What goes elsewhere may wait there for long.
    if (this.#setup.spec.kind !== 'cluster') this.begun(jobs);
    this.#pool.submit(jobs);
  }

  /** Somebody is at these. */
  begun(jobs: readonly Job[]): void {
    const now = this.#setup.clock.now();
    for (const { candidateId } of jobs) this.#since.set(candidateId, now);
  }

  withdraw(): void {
    this.#giveUp(this.#pool.withdraw((jobs) => !jobs.some((job) => this.#hasBegun(job))));
  }

  cancel(): void {
    this.#giveUp(this.#pool.cancel());
  }

  #giveUp(jobs: readonly Job[]): void {
    if (jobs.length === 0) return;
    this.#setup.onFinished(
      jobs.map((job) => {
        const isUnbegun = !this.#hasBegun(job);
        return { ...this.#without(job, CANCELLED, 1), ...(isUnbegun ? { isUnbegun } : {}) };
      }),
    );
  }

  #hasBegun({ candidateId }: Job): boolean {
    return this.#since.has(candidateId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    await this.#pool[Symbol.asyncDispose]();
  }

  #finish(settled: Settled<Job, EvaluationReply>): Finished {
    const { item, attempts } = settled;
    switch (settled.kind) {
      case 'replied': {
        this.#since.delete(item.candidateId);
        const { outcome } = settled.reply;
        return { ...item, ...settled.reply, attempts: attempts - 1 + (outcome.attempts ?? 1) };
      }
      case 'lost': {
        const { cause } = settled;
        // What became of it elsewhere is told in whole, and may be long: not all of that is a death.
        const error = this.#setup.spec.kind === 'cluster' ? oneLine(cause) : `its worker died: ${cause}`;
        return this.#without(item, { status: 'failed', fx: NaN, error }, attempts);
      }
      case 'timed-out': {
        const error = `it took longer than timeoutSeconds, ${this.#setup.spec.timeoutSeconds} s`;
        return this.#without(item, { status: 'timeout', fx: NaN, error }, attempts);
      }
    }
  }

  /** A job of which only its outcome is known. */
  #without(job: Job, outcome: Finished['outcome'], attempts: number): Finished {
    const now = this.#setup.clock.now();
    const startedAt = this.#since.get(job.candidateId) ?? now;
    this.#since.delete(job.candidateId);
    return { ...job, outcome, startedAt, durationMs: now - startedAt, attempts, worker: 'none' };
  }
}
