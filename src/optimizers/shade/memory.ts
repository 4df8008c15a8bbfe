import type { RandomStream } from '../../core/random.ts';
import { inUnitBox, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';

/** How one trial was made. */
export interface Control {
  /** CR: the probability that a coordinate comes from the mutant, in [0, 1]. */
  readonly crossover: number;
  /** F: the length of the difference vectors, in (0, 1]. */
  readonly scale: number;
}

/** What made a trial better than its parent, and by how much. */
export interface Success extends Control {
  /** Infinite where the parent had no value or was not feasible. */
  readonly gain: number;
}

/** The history of successful control parameters, from which the next ones are drawn. */
export class Memory {
  readonly #crossovers: Float64Array;
  readonly #scales: Float64Array;
  #next = 0;

  constructor(size: number) {
    this.#crossovers = new Float64Array(size).fill(0.5);
    this.#scales = new Float64Array(size).fill(0.5);
  }

  /** CR from a normal distribution, cut to [0, 1]; F from a Cauchy distribution, drawn again until positive, cut to 1. */
  draw(random: RandomStream): Control {
    const at = random.integer(this.#scales.length);
    // CR_i = randn(M_CR,r, 0.1)
    const crossover = Math.min(1, Math.max(0, this.#crossovers[at]! + 0.1 * random.normal()));
    // F_i = randc(M_F,r, 0.1)
    let scale = 0;
    while (scale <= 0) scale = this.#scales[at]! + 0.1 * Math.tan(Math.PI * (random.uniform() - 0.5));
    return { crossover, scale: Math.min(1, scale) };
  }

  /** Overwrites the oldest entry by the means of one generation's successes; without any it leaves all as it was. */
  learn(successes: readonly Success[]): void {
    if (successes.length === 0) return;
    const gains = weigh(successes.map(({ gain }) => gain));
    let total = 0;
    let crossovers = 0;
    let scales = 0;
    let squares = 0;
    for (const [i, { crossover, scale }] of successes.entries()) {
      const gain = gains[i]!;
      total += gain;
      crossovers += gain * crossover;
      scales += gain * scale;
      squares += gain * scale * scale;
    }
    // mean_WA(S_CR) = sum w_k CR_k, w_k = gain_k / sum of gains
    this.#crossovers[this.#next] = Math.min(1, crossovers / total);
    // mean_WL(S_F) = sum w_k F_k^2 / sum w_k F_k
    this.#scales[this.#next] = Math.min(1, squares / scales);
    this.#next = (this.#next + 1) % this.#scales.length;
  }

  save(writer: SnapshotWriter): void {
    writer.put('nextMemory', this.#next);
    writer.numbers(this.#crossovers);
    writer.numbers(this.#scales);
  }

  static load(reader: SnapshotReader, size: number): Memory {
    const memory = new Memory(size);
    memory.#next = reader.integer('nextMemory', 0, size - 1);
    memory.#crossovers.set(reader.numbers('crossover rates', size, inUnitBox));
    memory.#scales.set(reader.numbers('scale factors', size, (value) => value > 0 && value <= 1));
    return memory;
  }
}

/** Gains as weights: in units of the greatest finite one, which also stands for those that no number measures. */
function weigh(gains: readonly number[]): readonly number[] {
  const greatest = gains.reduce((most, gain) => (Number.isFinite(gain) ? Math.max(most, gain) : most), 0);
  // A lower bound, so that no sum of weights times small factors is 0.
  return gains.map((gain) => (greatest > 0 && Number.isFinite(gain) ? Math.max(gain / greatest, 1e-12) : 1));
}
