/**
 * Items that wait, a row for each who has some: one is taken from each row in turn, so that a long row keeps nobody waiting. Within a
 * row they go in order.
 */
export class Turns<Item> {
  /** In the order of their turns. */
  readonly #rows = new Map<object, Set<Item>>();
  /** Before all others: they had their turn. */
  readonly #again = new Set<Item>();

  add(owner: object, item: Item): void {
    const row = this.#rows.get(owner);
    if (row) row.add(item);
    else this.#rows.set(owner, new Set([item]));
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
    for (const [owner, row] of this.#rows) {
      const item = firstOf(row)!;
      this.remove(owner, item);
      // To the end: all others have their turns before it has another one.
      if (this.#rows.delete(owner)) this.#rows.set(owner, row);
      return item;
    }
    return undefined;
  }

  remove(owner: object, item: Item): void {
    this.#again.delete(item);
    const row = this.#rows.get(owner);
    if (row?.delete(item) && row.size === 0) this.#rows.delete(owner);
  }
}

function firstOf<Item>(items: ReadonlySet<Item>): Item | undefined {
  return items.values().next().value;
}
