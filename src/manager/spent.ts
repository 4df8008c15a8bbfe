/** How many evaluations each optimizer of a run has used, by the type of the configuration that it is of. A number an optimizer. */
export class Spent {
  readonly #byType: number[][];
  readonly #live = new Map<number, { readonly type: number; readonly place: number }>();

  /** @param types how many the configuration has */
  constructor(types: number) {
    this.#byType = Array.from({ length: types }, () => []);
  }

  /** @param type less than 0 for an optimizer that is none of the configuration's, which is not counted */
  open(id: number, type: number): void {
    const list = this.#byType[type];
    if (list) this.#live.set(id, { type, place: list.push(0) - 1 });
  }

  close(id: number, evaluations: number): void {
    this.#note(id, evaluations);
    this.#live.delete(id);
  }

  /**
   * By type, in the order of their starts.
   *
   * @param evaluationsOf those that run
   */
  list(evaluationsOf: (id: number) => number): readonly (readonly number[])[] {
    for (const id of this.#live.keys()) this.#note(id, evaluationsOf(id));
    return this.#byType;
  }

  #note(id: number, evaluations: number): void {
    const live = this.#live.get(id);
    if (live) this.#byType[live.type]![live.place] = evaluations;
  }
}
