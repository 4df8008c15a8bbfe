import { formatPath, type Path } from './path.ts';

/** Where a value came from: a position in the file, or an argument of the command line. Both count from 1. */
export type Place = { readonly line: number; readonly column: number } | { readonly flag: string };

/** Where each value and key of a configuration came from. What is not known is where the nearest thing around it is. */
export class Places {
  readonly #values = new Map<string, Place>();
  readonly #keys = new Map<string, Place>();

  setValue(path: Path, place: Place): void {
    this.#values.set(formatPath(path), place);
  }

  setKey(path: Path, place: Place): void {
    this.#keys.set(formatPath(path), place);
  }

  /** All that is at `path`, key and value, now comes from `place`. */
  replace(path: Path, place: Place): void {
    const under = formatPath(path);
    for (const map of [this.#values, this.#keys])
      for (const known of map.keys())
        if (known.startsWith(under) && /^$|[.[]/.test(known.charAt(under.length))) map.delete(known);
    this.#values.set(under, place);
  }

  value(path: Path): Place | undefined {
    for (let length = path.length; length >= 0; length--) {
      const place = this.#values.get(formatPath(path.slice(0, length)));
      if (place) return place;
    }
    return undefined;
  }

  key(path: Path): Place | undefined {
    return this.#keys.get(formatPath(path)) ?? this.value(path);
  }
}
