import { systemClock } from '../../core/clock.ts';
import { type ContextSetup, evaluationContext } from '../../tasks/context.ts';
import type { Outcome, Task } from '../../tasks/contract.ts';
import { evaluateTask } from '../../tasks/evaluate.ts';
import type { Job } from './contract.ts';

/** What an evaluation in a worker gave. */
export interface EvaluationReply {
  readonly outcome: Outcome;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly worker: string;
}

/** What all rows of a chunk have in common. */
export interface ChunkWork {
  readonly context: ContextSetup;
  /** See `evaluateTask`. */
  readonly retries: number;
  readonly signal: AbortSignal;
}

/** An outcome that is more than a number: few are, so they travel apart. */
export type Special = readonly [index: number, outcome: Outcome];

const PENDING = 0;
const PLAIN = 1;
const SPECIAL = 2;

/**
 * A chunk of evaluations as columns of numbers, in memory that may be shared with a worker thread: the worker writes each value as it
 * is known, so that those of finished evaluations outlive it.
 */
export class ChunkColumns {
  readonly buffer: ArrayBufferLike;
  readonly count: number;
  readonly size: number;
  readonly ids: Float64Array;
  readonly x: Float64Array;
  readonly fx: Float64Array;
  /** 0 before it is taken up. */
  readonly startedAt: Float64Array;
  readonly durationMs: Float64Array;
  readonly cutoffs: Float64Array;
  readonly #state: Int32Array;

  constructor(buffer: ArrayBufferLike, count: number, size: number) {
    this.buffer = buffer;
    this.count = count;
    this.size = size;
    const column = (at: number, length: number): Float64Array => new Float64Array(buffer, 8 * at, length);
    this.ids = column(0, count);
    this.fx = column(count, count);
    this.startedAt = column(2 * count, count);
    this.durationMs = column(3 * count, count);
    this.cutoffs = column(4 * count, count);
    this.x = column(5 * count, count * size);
    this.#state = new Int32Array(buffer, 8 * count * (5 + size), count);
  }

  /** @param size how many parameters a point has */
  static bytes(count: number, size: number): number {
    return count * (8 * (5 + size) + 4);
  }

  /** Columns in memory of this thread alone. */
  static create(count: number, size: number): ChunkColumns {
    return new ChunkColumns(new ArrayBuffer(ChunkColumns.bytes(count, size)), count, size);
  }

  /** Makes them the columns of new jobs, as many as there are rows. */
  write(jobs: readonly Job[]): void {
    this.#clear();
    for (const [row, { candidateId, x, cutoff = Infinity }] of jobs.entries()) {
      this.ids[row] = candidateId;
      this.cutoffs[row] = cutoff;
      this.x.set(x, row * this.size);
    }
  }

  /** The same, from columns that came from elsewhere. */
  read(ids: Float64Array, x: Float64Array, cutoffs: Float64Array): void {
    this.#clear();
    this.ids.set(ids);
    this.x.set(x);
    this.cutoffs.set(cutoffs);
  }

  /**
   * Evaluates all rows, one after the other, and writes what comes of each as it comes.
   *
   * @param onDone called after each row, with its outcome if that is more than a number
   */
  async evaluate(
    task: Task,
    work: ChunkWork,
    onDone: (row: number, special: Outcome | undefined) => void,
  ): Promise<void> {
    const { context: setup, retries } = work;
    for (let row = 0; row < this.count; row++) {
      // A copy out of shared memory: what the task is shown must not change, and it copies it once more for itself.
      const x = this.x.slice(row * this.size, (row + 1) * this.size);
      const since = systemClock.elapsed();
      this.startedAt[row] = systemClock.now();
      const context = evaluationContext(setup, this.ids[row]!, x, work, this.cutoffs[row]);
      const answered = evaluateTask(task, x, context, retries);
      const outcome = answered instanceof Promise ? await answered : answered;
      this.durationMs[row] = systemClock.elapsed() - since;
      const { status, extras, violation, attempts = 1 } = outcome;
      const isPlain = status === 'ok' && !extras && !violation && attempts === 1;
      if (isPlain) this.fx[row] = outcome.fx;
      // Last, and as a whole: who reads that the row is done reads its value too.
      Atomics.store(this.#state, row, isPlain ? PLAIN : SPECIAL);
      onDone(row, isPlain ? undefined : outcome);
    }
  }

  isPending(row: number): boolean {
    return Atomics.load(this.#state, row) === PENDING;
  }

  /** The reply of a finished row; `undefined` while it is not finished, or when its outcome travels apart and is not at hand. */
  reply(row: number, worker: string, specials: ReadonlyMap<number, Outcome>): EvaluationReply | undefined {
    const state = Atomics.load(this.#state, row);
    const special = specials.get(row);
    if (state === PENDING || (state === SPECIAL && !special)) return undefined;
    return {
      outcome: special ?? { status: 'ok', fx: this.fx[row]! },
      startedAt: this.startedAt[row]!,
      durationMs: this.durationMs[row]!,
      worker,
    };
  }

  /** When the row that is being worked on was taken up. */
  get busySince(): number | undefined {
    for (let row = 0; row < this.count; row++) {
      if (!this.isPending(row)) continue;
      return this.startedAt[row] === 0 ? undefined : this.startedAt[row];
    }
    return undefined;
  }

  #clear(): void {
    this.startedAt.fill(0);
    this.#state.fill(PENDING);
  }
}
