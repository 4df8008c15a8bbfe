import { systemClock } from '../../core/clock.ts';
import { decodeReplies, encodePoints } from '../cluster/evaluations.ts';
import type { JobDesk } from '../cluster/contract.ts';
import type { Executor } from '../pool/contract.ts';
import type { EvaluationReply } from './chunk.ts';
import type { EvaluatorSetup, Job } from './contract.ts';

/** Evaluates chunks on other machines: a chunk is a job of the run's engine, and each has a worker somewhere. */
export class ClusterExecutor implements Executor<Job, EvaluationReply> {
  readonly #setup: EvaluatorSetup;
  readonly #desk: JobDesk;
  readonly #onBegun: (jobs: readonly Job[]) => void;
  readonly #since = new Map<readonly Job[], number>();

  /** @param onBegun called when a worker takes jobs up, again when another one does */
  constructor(setup: EvaluatorSetup, desk: JobDesk, onBegun: (jobs: readonly Job[]) => void) {
    this.#setup = setup;
    this.#desk = desk;
    this.#onBegun = onBegun;
  }

  async run(
    jobs: readonly Job[],
    onReply: (index: number, reply: EvaluationReply) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { optimizerId, wantsGradient, spec } = this.#setup;
    const { retries, timeoutSeconds, priority } = spec;
    try {
      const points = encodePoints({ optimizerId, wantsGradient, retries, timeoutSeconds }, jobs);
      const onBegun = (): void => {
        this.#since.set(jobs, systemClock.now());
        this.#onBegun(jobs);
      };
      const answer = await this.#desk.run(points, signal, { onBegun, units: jobs.length, priority });
      for (const [row, { attempts, ...reply }] of decodeReplies(answer, jobs).entries())
        // What was tried again there is no evaluation more.
        onReply(row, { ...reply, outcome: { ...reply.outcome, attempts } });
    } finally {
      this.#since.delete(jobs);
    }
  }

  busySince(jobs: readonly Job[]): number | undefined {
    return this.#since.get(jobs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#desk[Symbol.dispose]();
  }
}
