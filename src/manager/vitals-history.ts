import type { Json, JsonObject } from '../core/json.ts';
import type { ResourceFigures } from '../log/figures.ts';

/** As many samples are kept at the most: enough for a picture, and few enough to be written anew each time. */
const MOST = 240;

const COLUMNS = ['at', 'cores', 'memoryBytes', 'load', 'processes'] as const;
type Column = (typeof COLUMNS)[number];

/**
 * What a run took of the machine as time went on, one array a column. When there are too many samples, every other one is left out, and from then on
 * twice as much time goes by between two: so it stays as small for a run of weeks as for one of an hour.
 */
export class VitalsHistory {
  readonly #columns: Record<Column, number[]>;
  #everyMs = 0;

  /** @param before of an earlier session, as it was logged */
  constructor(before?: Json) {
    const logged = typeof before === 'object' && before !== null ? (before as JsonObject) : {};
    const columns = COLUMNS.map((name) => [name, numbersIn(logged[name])] as const);
    const isWhole = columns.every(([, numbers]) => numbers.length === columns[0]![1].length);
    this.#columns = Object.fromEntries(
      columns.map(([name, numbers]) => [name, isWhole ? [...numbers] : []]),
    ) as Record<Column, number[]>;
  }

  /** @param at milliseconds since the Unix epoch @returns the whole, to be logged */
  add(at: number, { cores, memoryBytes, load, processes }: ResourceFigures): JsonObject {
    const { at: times } = this.#columns;
    if (at - (times.at(-1) ?? -Infinity) >= this.#everyMs) {
      const sample: Readonly<Record<Column, number>> = {
        at: Math.round(at),
        cores: Math.round(100 * cores) / 100,
        memoryBytes,
        load: Math.round(100 * load) / 100,
        processes,
      };
      for (const name of COLUMNS) this.#columns[name].push(sample[name]);
    }
    if (times.length > MOST) this.#thin();
    return { ...this.#columns };
  }

  #thin(): void {
    for (const name of COLUMNS) this.#columns[name] = this.#columns[name].filter((_, i) => i % 2 === 0);
    const { at } = this.#columns;
    // Nearly: a timer is a little late now and then.
    this.#everyMs = (0.95 * (at.at(-1)! - at[0]!)) / (at.length - 1);
  }
}

function numbersIn(column: Json | undefined): readonly number[] {
  return Array.isArray(column) ? column.filter((value) => typeof value === 'number') : [];
}
