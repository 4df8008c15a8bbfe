import type { OptimizerEnd } from '../log/contract.ts';
import type { LiveOptimizer } from './live-optimizer.ts';

/** Who holds the slots, and what became of those who held them. */
export class Roster {
  #slots: number;
  #isElastic = false;
  readonly #live = new Map<number, LiveOptimizer>();
  readonly #ended = { converged: 0, killed: 0, stopped: 0, crashed: 0 };
  /** How many had been killed when the first, second, … converged. */
  readonly #killedBefore: number[] = [];
  #started = 0;

  /** @param slots how much parallel work there may be at once */
  constructor(slots: number) {
    this.#slots = slots;
  }

  get slots(): number {
    return this.#slots;
  }

  /** Who has some keeps them, though there are fewer than before. */
  resize(slots: number): void {
    this.#slots = slots;
    this.#isElastic = true;
  }

  /** Whether there may be more slots another time. */
  get isElastic(): boolean {
    return this.#isElastic;
  }

  get started(): number {
    return this.#started;
  }

  get used(): number {
    let used = 0;
    for (const { use } of this.#live.values()) used += use.workers;
    return used;
  }

  get free(): number {
    return this.slots - this.used;
  }

  /** With fewer slots than it could use an optimizer is slower; if nobody had any, nothing would ever be done. */
  hasRoomFor({ workers }: LiveOptimizer['use']): boolean {
    return workers <= this.free || (this.isElastic && this.size === 0);
  }

  /** How many optimizers hold slots. */
  get size(): number {
    return this.#live.size;
  }

  get ended(): Readonly<Record<OptimizerEnd['status'], number>> {
    return this.#ended;
  }

  /** Ascending by id. */
  all(): readonly LiveOptimizer[] {
    return [...this.#live.values()];
  }

  working(): readonly LiveOptimizer[] {
    return this.all().filter((optimizer) => optimizer.isWorking);
  }

  get(id: number): LiveOptimizer | undefined {
    return this.#live.get(id);
  }

  add(optimizer: LiveOptimizer): void {
    this.#started++;
    this.#live.set(optimizer.id, optimizer);
  }

  /** One that was started in an earlier session. */
  countStart(): void {
    this.#started++;
  }

  /** A new host of an optimizer that was started before. */
  replace(optimizer: LiveOptimizer): void {
    this.#live.set(optimizer.id, optimizer);
  }

  countEnd(status: OptimizerEnd['status']): void {
    this.#ended[status]++;
    if (status === 'converged') this.#killedBefore.push(this.#ended.killed);
  }

  /** How many were killed since so many had converged; 0 while they have not. */
  killedAfter(converged: number): number {
    if (converged === 0) return this.#ended.killed;
    const before = this.#killedBefore[converged - 1];
    return before === undefined ? 0 : this.#ended.killed - before;
  }

  /** Its host is gone: its slots are free. */
  remove(id: number): void {
    this.#live.delete(id);
  }
}
