import type {
  Arrival,
  Arrived,
  BatchCommit,
  Checkpoint,
  LoggedEvent,
  LoggedKnown,
  LoggedOptimizer,
  LoggedPast,
  OptimizerEnd,
  OptimizerStart,
  PastEvaluation,
  RunLog,
} from '../../src/log/contract.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { SqliteLog } from '../../src/log/sqlite-log.ts';

/** How many parameters the simulated task has. */
const SIZE = 2;

class SimulatedCrash extends Error {}

/** A real run log in memory, which checks with every call what must hold of any log, and can let the manager crash at each of them. */
export class CheckedLog implements RunLog {
  readonly #log = new SqliteLog(':memory:', SIZE);
  readonly #seen = new Map<string, 'cancelled' | 'evaluated'>();
  /** In the round that is under way. */
  readonly #arrived = new Map<
    string,
    { readonly isCounted: boolean; readonly isHit: boolean; readonly isCancelled: boolean }
  >();
  readonly #counts = new Map<number, number>();
  readonly #ended = new Set<number>();
  #started = 0;
  rows = 0;
  counted = 0;
  /** Rows of points whose values were known: nothing was evaluated for them. */
  hits = 0;
  /** Asked before and after each call that writes: whether the process dies there. */
  mayCrash: () => boolean = () => false;
  #isDead = false;
  #depth = 0;
  /** What is undone when the transaction that is open fails. */
  #undo: (() => void)[] = [];

  startOptimizer(start: OptimizerStart): void {
    this.#write(() => {
      if (start.optimizerId !== this.#started + 1)
        throw new Error(`optimizer ${start.optimizerId} is out of order`);
      this.#change(
        () => this.#started++,
        () => this.#started--,
      );
      this.#log.startOptimizer(start);
    });
  }

  setReady(optimizerId: number, version: number, batchSize: number): void {
    this.#log.setReady(optimizerId, version, batchSize);
  }

  commit(batch: BatchCommit): void {
    this.#write(() => {
      const { optimizerId, firstCallId, rows } = batch;
      if (firstCallId !== this.rows + 1)
        throw new Error(`call ids are not contiguous: ${firstCallId} after ${this.rows}`);
      if (this.#ended.has(optimizerId) && rows.count > 0)
        throw new Error(`optimizer ${optimizerId} evaluates after its end`);
      for (let row = 0; row < rows.count; row++)
        this.#note(
          optimizerId,
          rows.candidateIds[row]!,
          rows.status(row) === 'cancelled',
          rows.counted[row] === 1,
          rows.attempts[row] === 0,
        );
      this.#log.commit(batch);
    });
  }

  #note(
    optimizerId: number,
    candidateId: number,
    isCancelled: boolean,
    isCounted: boolean,
    isHit: boolean,
  ): void {
    const key = `${optimizerId}/${candidateId}`;
    const before = this.#seen.get(key);
    if (before === 'evaluated') throw new Error(`candidate ${key} is in the log twice`);
    const count = this.countOf(optimizerId);
    this.#change(
      () => {
        this.#seen.set(key, isCancelled ? 'cancelled' : 'evaluated');
        this.#counts.set(optimizerId, count + (isCounted ? 1 : 0));
        this.rows++;
        if (isCounted) this.counted++;
        if (isHit) this.hits++;
      },
      () => {
        if (before) this.#seen.set(key, before);
        else this.#seen.delete(key);
        this.#counts.set(optimizerId, count);
        this.rows--;
        if (isCounted) this.counted--;
        if (isHit) this.hits--;
      },
    );
  }

  has(optimizerId: number, candidateId: number): boolean {
    const key = `${optimizerId}/${candidateId}`;
    return this.#seen.has(key) || this.#arrived.has(key);
  }

  /** How many evaluations it has that use the budget, those included that have no call id yet. */
  durableOf(optimizerId: number): number {
    let arrived = 0;
    for (const [key, { isCounted }] of this.#arrived)
      if (isCounted && key.startsWith(`${optimizerId}/`)) arrived++;
    return this.countOf(optimizerId) + arrived;
  }

  /** All that use the budget, those included that have no call id yet. */
  get durable(): number {
    return this.counted + [...this.#arrived.values()].filter(({ isCounted }) => isCounted).length;
  }

  countOf(optimizerId: number): number {
    return this.#counts.get(optimizerId) ?? 0;
  }

  endOptimizer(end: OptimizerEnd): void {
    this.#write(() => {
      const { optimizerId } = end;
      if (this.#ended.has(optimizerId)) throw new Error(`optimizer ${optimizerId} ended twice`);
      this.#change(
        () => this.#ended.add(optimizerId),
        () => this.#ended.delete(optimizerId),
      );
      this.#log.endOptimizer(end);
    });
  }

  reviveOptimizers(ids: readonly number[]): void {
    this.#write(() => {
      for (const id of ids)
        this.#change(
          () => this.#ended.delete(id),
          () => this.#ended.add(id),
        );
      this.#log.reviveOptimizers(ids);
    });
  }

  arrive(arrival: Arrival): void {
    this.#write(() => {
      const { optimizerId, rows } = arrival;
      for (let row = 0; row < rows.count; row++) {
        const key = `${optimizerId}/${rows.candidateIds[row]!}`;
        const before = this.#arrived.get(key);
        if (this.#seen.get(key) === 'evaluated' || before?.isCancelled === false)
          throw new Error(`candidate ${key} arrives twice`);
        const one = {
          isCounted: rows.counted[row] === 1,
          isHit: rows.attempts[row] === 0,
          isCancelled: rows.status(row) === 'cancelled',
        };
        this.#change(
          () => this.#arrived.set(key, one),
          () => (before ? this.#arrived.set(key, before) : this.#arrived.delete(key)),
        );
      }
      this.#log.arrive(arrival);
    });
  }

  settleRound(firstCallId: number): void {
    this.#write(() => {
      if (firstCallId !== this.rows + 1)
        throw new Error(`call ids are not contiguous: ${firstCallId} after ${this.rows}`);
      const arrived = new Map(this.#arrived);
      this.#log.settleRound(firstCallId);
      for (const { optimizerId, candidateId, status, isCounted } of this.#log.evaluations(firstCallId - 1))
        this.#note(
          optimizerId,
          candidateId,
          status === 'cancelled',
          isCounted,
          arrived.get(`${optimizerId}/${candidateId}`)!.isHit,
        );
      this.#change(
        () => this.#arrived.clear(),
        () => arrived.forEach((one, key) => this.#arrived.set(key, one)),
      );
    });
  }

  arrived(): readonly Arrived[] {
    return this.#log.arrived();
  }

  point(callId: number): { readonly x: Float64Array; readonly fx: number } | undefined {
    return this.#log.point(callId);
  }

  past(optimizerId: number): LoggedPast {
    return this.#log.past(optimizerId);
  }

  known(after: number, most: number): LoggedKnown {
    return this.#log.known(after, most);
  }

  checkpoint(checkpoint: Checkpoint, keep: number): void {
    this.#write(() => {
      this.#log.checkpoint(checkpoint, keep);
    });
  }

  event(event: LoggedEvent): void {
    this.#write(() => {
      this.#log.event(event);
    });
  }

  set(facts: JsonObject): void {
    this.#write(() => {
      this.#log.set(facts);
    });
  }

  atomically(write: () => void): void {
    this.#write(() => {
      this.#log.atomically(() => {
        write();
        // Whoever catches what is thrown at him does not live to commit.
        this.#throwIfDead();
      });
    });
  }

  /** Another process takes the log up. */
  revive(): void {
    this.#isDead = false;
  }

  /** The process dies. */
  die(): void {
    this.#isDead = true;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  #throwIfDead(): void {
    if (!this.#isDead && this.mayCrash()) this.#isDead = true;
    if (this.#isDead) throw new SimulatedCrash('the manager is dead');
  }

  /** A call that writes: the process may die before it, after it, or in the middle of the transaction that it is part of. */
  #write(call: () => void): void {
    this.#throwIfDead();
    this.#depth++;
    try {
      call();
    } catch (thrown) {
      if (this.#depth === 1) for (const undo of this.#undo.toReversed()) undo();
      throw thrown;
    } finally {
      this.#depth--;
      if (this.#depth === 0) this.#undo = [];
    }
    this.#throwIfDead();
  }

  #change(change: () => void, undo: () => void): void {
    change();
    this.#undo.push(undo);
  }

  facts(): JsonObject {
    return this.#log.facts();
  }

  optimizers(): readonly LoggedOptimizer[] {
    return this.#log.optimizers();
  }

  checkpoints(): readonly Checkpoint[] {
    return this.#log.checkpoints();
  }

  events(): readonly LoggedEvent[] {
    return this.#log.events();
  }

  evaluations(from?: number): Iterable<PastEvaluation> {
    return this.#log.evaluations(from);
  }

  batchEnds(): Iterable<number> {
    return this.#log.batchEnds();
  }

  close(): void {
    this.#log.close();
  }
}
