import type { CacheSetup, KnownRows } from '../backends/protocol.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { Clock } from '../core/clock.ts';
import type { LoggedKnown, RunLog } from '../log/contract.ts';
import type { LiveOptimizer } from './live-optimizer.ts';

/** A host is told again only after so long, unless it is told something anyway. */
const GATHER_MS = 50;
/** As many of the latest calls are told to a host that starts. */
const MOST_CALLS = 1_000_000;

/** Sees to it that hosts know the values that others evaluated, for `cache`. Without a cache it does nothing. */
export class Knowledge {
  readonly #cache: RunConfig['cache'];
  readonly #isInRounds: boolean;
  readonly #log: Pick<RunLog, 'known'>;
  readonly #clock: Clock;
  readonly #countCalls: () => number;
  /** What was read last, by the call after which it begins: hosts mostly know the same. */
  readonly #read = new Map<number, LoggedKnown>();
  #readAt = 0;

  /** @param countCalls the last call that is in the log */
  constructor(
    { cache, manager }: RunConfig,
    log: Pick<RunLog, 'known'>,
    clock: Clock,
    countCalls: () => number,
  ) {
    this.#cache = cache;
    this.#isInRounds = manager.reproducible;
    this.#log = log;
    this.#clock = clock;
    this.#countCalls = countCalls;
  }

  /** What a host is told when it starts. */
  setupFor(optimizer: LiveOptimizer): CacheSetup | undefined {
    if (!this.#cache) return undefined;
    return { ...this.#cache, known: this.#after(0, optimizer) };
  }

  /** What was evaluated since a host was told last: for the beginning of a round. */
  since(optimizer: LiveOptimizer): KnownRows | undefined {
    return this.#cache && this.#after(optimizer.knowsUpTo, optimizer);
  }

  /** Tells a host what is new to it, as it is about to be told something else. In rounds nothing becomes known within one. */
  tell(optimizer: LiveOptimizer): void {
    if (!this.#cache || this.#isInRounds || optimizer.knowsUpTo >= this.#countCalls()) return;
    const known = this.#after(optimizer.knowsUpTo, optimizer);
    if (known.callIds.length > 0) optimizer.learn(known);
  }

  /** The same for all who were not told for a while. */
  spread(optimizers: readonly LiveOptimizer[]): void {
    if (!this.#cache) return;
    const before = this.#clock.elapsed() - GATHER_MS;
    for (const optimizer of optimizers) if (optimizer.knowsSince <= before) this.tell(optimizer);
  }

  #after(call: number, optimizer: LiveOptimizer): KnownRows {
    const calls = this.#countCalls();
    if (calls !== this.#readAt) this.#read.clear();
    this.#readAt = calls;
    let read = this.#read.get(call);
    if (!read) this.#read.set(call, (read = this.#log.known(call, MOST_CALLS)));
    const { upTo, ...rows } = read;
    optimizer.knowsUpTo = upTo;
    optimizer.knowsSince = this.#clock.elapsed();
    return rows;
  }
}
