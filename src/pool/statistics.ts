import type { Settled } from '../backends/pool/contract.ts';
import type { Clock } from '../core/clock.ts';
import type { Call, Reply } from './contract.ts';

/** How a number was over all that it was measured for. */
export interface Spread {
  readonly count: number;
  readonly mean: number;
  readonly least: number;
  readonly greatest: number;
}

/** What a pool has done so far. */
export interface PoolStatistics {
  readonly workers: number;
  readonly maps: number;
  /** Calls by what came of them: `threw` an error, `lost` with their worker, `timedOut`. Of a map that was ended those that ran are in none. */
  readonly calls: {
    readonly returned: number;
    readonly threw: number;
    readonly lost: number;
    readonly timedOut: number;
  };
  /** How often a call was begun anew, since its worker died. */
  readonly retried: number;
  /** Milliseconds in which there was at least one map. */
  readonly activeMs: number;
  /** Milliseconds that workers were in calls, of those that came back. */
  readonly busyMs: number;
  /** `busyMs` of what all workers had: 1 when none waited. */
  readonly busyShare: number;
  /** Milliseconds from taking the inputs of a call to handing it to a worker. */
  readonly waitMs: Spread;
  /** Milliseconds of a call. */
  readonly callMs: Spread;
  /** Calls that went to a worker together. */
  readonly chunkSizes: Spread;
}

/** Adds up what a pool does. */
export class Statistics {
  readonly #clock: Clock;
  readonly #wait = new Tally();
  readonly #call = new Tally();
  readonly #chunk = new Tally();
  readonly #calls = { returned: 0, threw: 0, lost: 0, timedOut: 0 };
  #retried = 0;
  #maps = 0;
  #open = 0;
  #workers: number;
  /** Up to when time was added up. */
  #at = 0;
  #activeMs = 0;
  /** Milliseconds that workers had for calls, all together. */
  #availableMs = 0;

  constructor(clock: Clock, workers: number) {
    this.#clock = clock;
    this.#workers = workers;
  }

  /** There are so many workers from now on. */
  resize(workers: number): void {
    this.#pass();
    this.#workers = workers;
  }

  mapBegan(): void {
    this.#pass();
    this.#maps++;
    this.#open++;
  }

  mapEnded(): void {
    this.#pass();
    this.#open--;
  }

  chunk(calls: readonly Call[]): void {
    const now = this.#clock.elapsed();
    this.#chunk.add(calls.length);
    for (const { since } of calls) this.#wait.add(now - since);
  }

  settled(settled: readonly Settled<Call, Reply>[]): void {
    for (const one of settled) {
      this.#retried += one.attempts - 1;
      if (one.kind === 'lost') this.#calls.lost++;
      else if (one.kind === 'timed-out') this.#calls.timedOut++;
      else {
        this.#call.add(one.reply.durationMs);
        if (one.reply.kind === 'returned') this.#calls.returned++;
        else this.#calls.threw++;
      }
    }
  }

  get(): PoolStatistics {
    this.#pass();
    const busyMs = this.#call.sum;
    return {
      workers: this.#workers,
      maps: this.#maps,
      calls: { ...this.#calls },
      retried: this.#retried,
      activeMs: this.#activeMs,
      busyMs,
      busyShare: this.#availableMs > 0 ? busyMs / this.#availableMs : 0,
      waitMs: this.#wait.get(),
      callMs: this.#call.get(),
      chunkSizes: this.#chunk.get(),
    };
  }

  #pass(): void {
    const now = this.#clock.elapsed();
    if (this.#open > 0) {
      this.#activeMs += now - this.#at;
      this.#availableMs += this.#workers * (now - this.#at);
    }
    this.#at = now;
  }
}

class Tally {
  sum = 0;
  #count = 0;
  #least = Infinity;
  #greatest = 0;

  add(value: number): void {
    this.sum += value;
    this.#count++;
    if (value < this.#least) this.#least = value;
    if (value > this.#greatest) this.#greatest = value;
  }

  get(): Spread {
    const [count, greatest] = [this.#count, this.#greatest];
    return count === 0
      ? { count, mean: 0, least: 0, greatest }
      : { count, mean: this.sum / count, least: this.#least, greatest };
  }
}
