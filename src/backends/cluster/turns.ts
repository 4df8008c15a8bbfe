/**
 * Items that wait, a row for each who has some at a priority: of the rows of the highest priority, one is taken from each in turn, so that a long
 * row keeps no other one of its priority waiting. Within a row they go in order.
 */
export class Turns<Item> {
  /** By priority, which is seldom more than a few; within each in the order of their turns. None is empty. */
  readonly #ranks = new Map<number, Map<object, Set<Item>>>();
  /** Before all others: they had their turn. */
  readonly #again = new Set<Item>();

  add(owner: object, priority: number, item: Item): void {
    let rows = this.#ranks.get(priority);
    if (!rows) this.#ranks.set(priority, (rows = new Map()));
    const row = rows.get(owner);
    if (row) row.add(item);
    else rows.set(owner, new Set([item]));
  }

  /** For one that was taken before, and has to go once more. */
  addAgain(item: Item): void {
    this.#again.add(item);
  }

  take(): Item | undefined {
    const again = firstOf(this.#again);
    if (again !== undefined) {
      this.#again.delete(again);
      return again;
    }
    if (this.#ranks.size === 0) return undefined;
    const highest = Math.max(...this.#ranks.keys());
    const rows = this.#ranks.get(highest)!;
    const [owner, row] = rows.entries().next().value!;
    const item = firstOf(row)!;
    this.remove(owner, highest, item);
    // To the end: all others have their turns before it has another one.
    if (rows.delete(owner)) rows.set(owner, row);
    return item;
  }

  remove(owner: object, priority: number, item: Item): void {
    this.#again.delete(item);
    const rows = this.#ranks.get(priority);
    const row = rows?.get(owner);
    if (!rows || !row?.delete(item) || row.size > 0) return;
    rows.delete(owner);
    if (rows.size === 0) this.#ranks.delete(priority);
  }
}

function firstOf<Item>(items: ReadonlySet<Item>): Item | undefined {
  return items.values().next().value;
}
