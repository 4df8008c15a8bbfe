import type { Settled } from '../backends/pool/contract.ts';
import { WorkPool } from '../backends/pool/work-pool.ts';
import { systemClock } from '../core/clock.ts';
import { CodedError, messageOf } from '../core/errors.ts';
import type { Call, FunctionHandle, Reply } from './contract.ts';
import type { PoolCrew } from './crew.ts';
import { checkArguments, type Tuples } from './inputs.ts';
import { LostWhileLoadingError } from './member.ts';
import type { Progress } from './options.ts';
import { faultOf, type Outcome, resultOf } from './outcome.ts';
import type { Handling } from './packed.ts';
import type { Statistics } from './statistics.ts';
import { toSendable } from './values.ts';

/** How many chunks a worker has before it, in inputs that are taken, when nothing else is said. */
const CHUNKS_AHEAD = 4;
/** Of calls so quick that more of them at once would be no quicker. */
const LARGEST_CHUNK = 2048;

/** The memory that most calls hand over. */
const NOTHING: ArrayBuffer[] = [];

export interface MapSetup {
  readonly crew: PoolCrew;
  readonly retries: number;
  readonly timeoutMs: number;
  readonly chunkSize: number | undefined;
  /** No worker takes more at once, whatever else is said. */
  readonly largestChunk: number;
  readonly lookAhead: number | undefined;
  readonly f: FunctionHandle;
  readonly tuples: Tuples;
  /** The seed of a call, where it is to have one. */
  readonly seedOf: (index: number) => number | undefined;
  readonly handling: Handling;
  readonly statistics: Statistics;
  readonly onProgress: ((progress: Progress) => void) | undefined;
  /** The lines of the stack of who asked for it. */
  readonly callerStack: string;
  /** Takes what comes, each call once, in any order; `release` is called for each when it is taken from here. */
  readonly onOutcome: (outcome: Outcome) => void;
  /** Once, when all is told; with what ended it before. */
  readonly onEnd: (failure?: { readonly error: unknown }) => void;
}

/**
 * One map: takes inputs no further ahead than it may, and shares the calls among the workers. It has a `WorkPool` of its own, with its own
 * times, on the workers that all maps of a pool have in common.
 */
export class MapRun {
  readonly #setup: MapSetup;
  readonly #pool: WorkPool<Call, Reply>;
  #taken = 0;
  /** Inputs that were taken, and whose outcome was not. */
  #open = 0;
  /** Calls that have no outcome yet. */
  #running = 0;
  #isPulling = false;
  #pulledAt = 0;
  #isSettling = false;
  #done = 0;
  #failures = 0;
  /** For how many the progress was told last. */
  #told = -1;
  #areInputsOver = false;
  #isOver = false;

  constructor(setup: MapSetup) {
    this.#setup = setup;
    const { crew, retries, timeoutMs, chunkSize, largestChunk, handling, statistics } = setup;
    const executor = crew.open(timeoutMs);
    statistics.mapBegan();
    this.#pool = new WorkPool({
      executor: {
        run: async (calls, onReply, signal) => {
          statistics.chunk(calls);
          try {
            await executor.run(calls, onReply, signal);
          } catch (error) {
            // No worker starts: that is no fault of these calls, and others would wait for one in vain.
            if (error instanceof CodedError && error.code === 'function-unusable')
              this.end({ error: faultOf(error.code, error.message, setup) });
            throw error;
          }
        },
        busySince: (calls) => executor.busySince(calls),
        [Symbol.asyncDispose]: () => executor[Symbol.asyncDispose](),
      },
      workers: crew.workers,
      chunks: crew.chunks,
      retries,
      timeoutMs: crew.endsLongCalls ? Infinity : timeoutMs,
      // What was handed over to a worker that dies is gone, so no call waits behind another there, if that is not asked for.
      chunkSize: (chunkSize ?? (handling.isMoved ? 1 : undefined)) && Math.min(chunkSize ?? 1, largestChunk),
      canRepeat: !handling.isMoved,
      largestChunk: Math.min(LARGEST_CHUNK, largestChunk),
      clock: systemClock,
      durationOf: ({ durationMs }) => durationMs,
      onSettled: (settled) => {
        this.#settle(settled);
      },
    });
  }

  start(): void {
    void this.#pull();
  }

  /** There are more workers now, or fewer. */
  resize(): void {
    if (this.#isOver) return;
    this.#pool.resize(this.#setup.crew.workers);
    void this.#pull();
  }

  /** An outcome was taken: another input may be. */
  release(): void {
    this.#open--;
    // Once for all that is settled together, and not for each input on its own: it is taken in as much as goes to a worker at once.
    if (!this.#isSettling && this.#open <= this.#most - Math.min(this.#pool.chunkSize, this.#most >> 1))
      void this.#pull();
  }

  /** Ends it: the workers that are at it are ended, and nothing more is told but this. */
  end(failure?: { readonly error: unknown }): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#pool.cancel();
    this.#setup.tuples.close();
    this.#setup.statistics.mapEnded();
    this.#setup.onEnd(failure);
  }

  get #most(): number {
    const { lookAhead, crew, handling } = this.#setup;
    const { chunkSize } = this.#pool;
    // Whether there are any inputs is found out even while no worker is there.
    const workers = Math.max(1, crew.workers);
    if (lookAhead !== undefined) return lookAhead;
    // Memory that is handed over is as large as one would not copy: of more of it than workers are at, none stays in their caches.
    if (handling.isMoved) return workers * Math.max(2, chunkSize);
    return CHUNKS_AHEAD * workers * chunkSize;
  }

  async #pull(): Promise<void> {
    if (this.#isPulling || this.#areInputsOver || this.#isOver) return;
    this.#isPulling = true;
    this.#pulledAt = systemClock.elapsed();
    const calls: Call[] = [];
    try {
      while (this.#open < this.#most && !this.#isOver) {
        let next = this.#setup.tuples.next();
        if (next instanceof Promise) {
          this.#submit(calls.splice(0));
          next = await next;
          this.#pulledAt = systemClock.elapsed();
        }
        if (next.done === true) {
          this.#areInputsOver = true;
          break;
        }
        const call = this.#call(next.value);
        if (call) calls.push(call);
      }
    } catch (error) {
      this.end({ error });
      return;
    } finally {
      this.#isPulling = false;
    }
    this.#submit(calls);
    this.#endIfDone();
  }

  /**
   * A call, of which it is told at once when its arguments cannot be sent.
   *
   * @throws {CodedError} `usage` for what is no list of arguments
   */
  #call(values: readonly unknown[]): Call | undefined {
    checkArguments(values, this.#taken);
    const index = this.#taken++;
    this.#open++;
    const { f, seedOf, onOutcome, handling } = this.#setup;
    const { isMoved } = handling;
    const moved: ArrayBuffer[] = isMoved ? [] : NOTHING;
    try {
      const args = values.map((value) => toSendable(value, handling, moved));
      this.#running++;
      return { index, since: this.#pulledAt, f, args, moved, seed: seedOf(index), isMoved };
    } catch (error) {
      const message = `the arguments of call ${index} cannot be sent to a worker: ${messageOf(error)}`;
      this.#count(true);
      onOutcome({ index, result: { status: 'rejected', reason: new TypeError(message, { cause: error }) } });
      return undefined;
    }
  }

  #submit(calls: readonly Call[]): void {
    if (calls.length > 0 && !this.#isOver) this.#pool.submit(calls);
  }

  #settle(settled: readonly Settled<Call, Reply>[]): void {
    if (this.#isOver) return;
    this.#setup.statistics.settled(settled);
    this.#isSettling = true;
    for (const one of settled) {
      this.#running--;
      const fault = this.#faultOfFunction(one);
      if (fault !== undefined) {
        this.end({ error: faultOf('function-unusable', fault, this.#setup) });
        return;
      }
      const result = resultOf(one, this.#setup);
      this.#count(result.status === 'rejected');
      this.#setup.onOutcome({ index: one.item.index, result });
      // That may have ended it.
      if (this.#isOver) return;
    }
    this.#isSettling = false;
    this.#tellProgress();
    void this.#pull();
    this.#endIfDone();
  }

  /** What is wrong with the function, so that no other call of it can do better. */
  #faultOfFunction(settled: Settled<Call, Reply>): string | undefined {
    if (settled.kind === 'replied')
      return settled.reply.kind === 'unloadable' ? settled.reply.message : undefined;
    return settled.kind === 'lost' && settled.error instanceof LostWhileLoadingError
      ? settled.cause
      : undefined;
  }

  #count(hasFailed: boolean): void {
    this.#done++;
    if (hasFailed) this.#failures++;
  }

  #tellProgress(): void {
    const { onProgress, tuples } = this.#setup;
    if (!onProgress || this.#isOver || this.#told === this.#done) return;
    this.#told = this.#done;
    try {
      onProgress({ done: this.#done, failed: this.#failures, taken: this.#taken, total: tuples.total });
    } catch (error) {
      this.end({ error });
    }
  }

  #endIfDone(): void {
    if (!this.#areInputsOver || this.#running > 0) return;
    // Of no calls, and of one whose arguments could not be sent, no worker told.
    this.#tellProgress();
    this.end();
  }
}
