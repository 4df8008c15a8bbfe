import type { Clock } from '../../core/clock.ts';
import { type ContextSetup, taskSeed } from '../../tasks/context.ts';
import type { Outcome, Task } from '../../tasks/contract.ts';
import { oneLine, outcomeOfReturned } from '../../tasks/evaluate.ts';
import type { WorkerReply, WorkerRequest } from '../../tasks/worker/messages.ts';
import type { EvaluationReply } from './chunk.ts';
import type { Job } from './contract.ts';

/** What all chunks of a worker have in common. */
export interface ShiftSetup extends Pick<Task, 'residuals'> {
  readonly context: ContextSetup;
  /** How often a point is sent again of which the worker says that it may well have a value the next time. */
  readonly retries: number;
  readonly worker: string;
  readonly clock: Clock;
}

interface Point {
  readonly request: WorkerRequest;
  attempts: number;
  outcome: Outcome | undefined;
  durationMs: number;
}

/** A program is ended when its work is given up, so what it says is never that of an evaluation that was. */
const { signal } = new AbortController();

/** A chunk that a program is at: what it was asked for, and what it has answered, in whatever order. */
export class ProgramShift {
  readonly #setup: ShiftSetup;
  readonly #points: readonly Point[];
  /** Those that it was asked for and has not answered, by their ids. */
  readonly #open = new Map<number, Point>();
  #asked = 0;
  #isOrdered = true;
  /** How many replies were passed on. */
  #passed = 0;
  #startedAt: number;
  /** When something of it was last heard. */
  #heardAt: number;

  constructor(jobs: readonly Job[], setup: ShiftSetup) {
    this.#setup = setup;
    const { seed, optimizerId } = setup.context;
    this.#points = jobs.map(({ candidateId, x, cutoff = Infinity }) => ({
      request: { id: candidateId, x, cutoff, seed: taskSeed(seed, optimizerId, candidateId) },
      attempts: 1,
      outcome: undefined,
      durationMs: 0,
    }));
    this.#startedAt = setup.clock.now();
    this.#heardAt = this.#startedAt;
  }

  get heardAt(): number {
    return this.#heardAt;
  }

  get isWaiting(): boolean {
    return this.#open.size > 0;
  }

  /** What it was asked for and has not answered. */
  get open(): readonly number[] {
    return [...this.#open.keys()];
  }

  /** Whether it is surely at the first that has no reply: it answers in order, or has no other. */
  get isKnown(): boolean {
    return this.#isOrdered || this.#open.size === 1;
  }

  get isDone(): boolean {
    return this.#passed === this.#points.length;
  }

  /** The next jobs that it is to be asked for, at most `count`. */
  ask(count: number): readonly WorkerRequest[] {
    const points = this.#points.slice(this.#asked, this.#asked + count);
    this.#asked += points.length;
    for (const point of points) this.#open.set(point.request.id, point);
    return points.map(({ request }) => request);
  }

  /**
   * Takes what the worker answered.
   *
   * @param again called with each that is to be sent again
   * @returns what is wrong, if it answered what it was not asked for; replies before that are taken
   */
  receive(replies: readonly WorkerReply[], again: (request: WorkerRequest) => void): string | undefined {
    const now = this.#setup.clock.now();
    // Who does not tell how long it took is taken to have worked at each as long as at the others.
    const share = (now - this.#heardAt) / replies.length;
    this.#heardAt = now;
    for (const { id, seconds, returned } of replies) {
      const point = this.#open.get(id);
      if (!point) return `it answered evaluation ${id}, which it was not at`;
      const { wantsGradient } = this.#setup.context;
      const outcome = outcomeOfReturned(returned, this.#setup, {
        wantsGradient,
        cutoff: point.request.cutoff,
        signal,
      });
      point.durationMs += seconds === undefined ? share : 1000 * seconds;
      if (outcome.isTransient && point.attempts <= this.#setup.retries) {
        point.attempts++;
        again(point.request);
      } else {
        if (this.#open.keys().next().value !== id) this.#isOrdered = false;
        point.outcome = point.attempts === 1 ? outcome : { ...outcome, attempts: point.attempts };
        this.#open.delete(id);
      }
    }
    return undefined;
  }

  /** The next reply in the order of the jobs, if it is there. */
  shift(): EvaluationReply | undefined {
    const point = this.#points[this.#passed];
    if (!point?.outcome) return undefined;
    this.#passed++;
    const startedAt = this.#startedAt;
    // They are taken up one after the other.
    this.#startedAt = Math.min(this.#heardAt, startedAt + point.durationMs);
    return { outcome: point.outcome, startedAt, durationMs: point.durationMs, worker: this.#setup.worker };
  }

  /** That of the evaluation at which the worker did what it may not. */
  failed(cause: string): EvaluationReply {
    const { clock, worker } = this.#setup;
    const point = this.#points[this.#passed++];
    const attempts = point?.attempts ?? 1;
    const outcome: Outcome = {
      status: 'failed',
      fx: NaN,
      error: oneLine(`its worker broke the protocol: ${cause}`),
      ...(attempts === 1 ? {} : { attempts }),
    };
    return { outcome, startedAt: this.#heardAt, durationMs: clock.now() - this.#heardAt, worker };
  }
}
