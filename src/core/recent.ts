/** The values that were asked for last, so many of them; the one that was not for longest goes when there are more. */
export class Recent<Key, Value> {
  readonly #most: number;
  readonly #letGo: (value: Value) => void;
  readonly #values = new Map<Key, Value>();

  /** @param letGo gets a value that there is no room for any more */
  constructor(most: number, letGo: (value: Value) => void) {
    this.#most = most;
    this.#letGo = letGo;
  }

  get(key: Key): Value | undefined {
    const value = this.#values.get(key);
    // A map keeps its keys in the order in which they came.
    if (value !== undefined && this.#values.delete(key)) this.#values.set(key, value);
    return value;
  }

  /** @param value in the place of none */
  add(key: Key, value: Value): void {
    this.#values.set(key, value);
    if (this.#values.size <= this.#most) return;
    const [oldest] = this.#values;
    this.#values.delete(oldest![0]);
    this.#letGo(oldest![1]);
  }

  delete(key: Key): void {
    this.#values.delete(key);
  }

  values(): readonly Value[] {
    return [...this.#values.values()];
  }
}
