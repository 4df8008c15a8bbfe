import { figure } from '../conditions/figures.ts';
import { compareRanked } from '../core/ranking.ts';
import type { StopReason } from './contract.ts';
import type { SnapshotReader, SnapshotWriter } from './snapshot.ts';
import type { Evaluated } from './evaluated.ts';

/** When a population has nothing more to find. */
export interface ConvergenceOptions {
  readonly tolX: number;
  readonly tolFun: number;
}

/** Generations in a row without a difference between the values, or without a value: once may be chance, and a plateau may end. */
const PATIENCE = 10;

/** Watches the points that a population keeps, generation by generation. */
export class Convergence {
  readonly #options: ConvergenceOptions;
  #narrow = 0;

  constructor(options: ConvergenceOptions) {
    this.#options = options;
  }

  /** Why a population that has become `members` should end, if it should. */
  judge(members: readonly Evaluated[]): StopReason | undefined {
    const { tolX, tolFun } = this.#options;
    const best = members.reduce((a, b) => (compareRanked(b, a) < 0 ? b : a));
    const haveAllFailed = Number.isNaN(best.fx);
    const range = rangeOfValues(members);
    const isNarrow = haveAllFailed || range < tolFun || range === 0;
    this.#narrow = isNarrow ? this.#narrow + 1 : 0;
    if (this.#narrow >= PATIENCE && haveAllFailed)
      return { kind: 'only-failures', detail: 'every evaluation so far failed' };
    if (this.#narrow >= PATIENCE)
      return { kind: 'value-range', detail: `range of values ${figure(range)} within tolFun ${tolFun}` };
    const width = widthOf(members);
    if (width < tolX && !haveAllFailed)
      return { kind: 'collapsed', detail: `width of the population ${figure(width)} < tolX ${tolX}` };
    return undefined;
  }

  reset(): void {
    this.#narrow = 0;
  }

  save(writer: SnapshotWriter): void {
    writer.put('narrowGenerations', this.#narrow);
  }

  static load(reader: SnapshotReader, options: ConvergenceOptions): Convergence {
    const loaded = new Convergence(options);
    loaded.#narrow = reader.integer('narrowGenerations', 0, Number.MAX_SAFE_INTEGER);
    return loaded;
  }
}

/** Greatest minus least value; NaN while one has none, or an infinite one, or is not feasible. */
function rangeOfValues(members: readonly Evaluated[]): number {
  let least = Infinity;
  let greatest = -Infinity;
  for (const { fx, violation } of members) {
    if (Number.isNaN(fx) || violation > 0) return NaN;
    least = Math.min(least, fx);
    greatest = Math.max(greatest, fx);
  }
  return greatest - least;
}

/** The greatest range of a coordinate. */
function widthOf(members: readonly Evaluated[]): number {
  let width = 0;
  const n = members[0]!.x.length;
  for (let i = 0; i < n; i++) {
    let least = 1;
    let greatest = 0;
    for (const { x } of members) {
      least = Math.min(least, x[i]!);
      greatest = Math.max(greatest, x[i]!);
    }
    width = Math.max(width, greatest - least);
  }
  return width;
}
