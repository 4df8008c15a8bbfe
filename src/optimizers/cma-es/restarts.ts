import type { RandomStream } from '../../core/random.ts';
import { power } from '../../core/power.ts';
import { type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';

export type RestartKind = 'none' | 'ipop' | 'bipop';

/** How the next run differs from the first one. */
export interface Regime {
  readonly populationSize: number;
  readonly sigma0: number;
  /** Infinity where it may go on until it stops by itself. */
  readonly maxEvaluations: number;
}

const LARGEST_POPULATION = 2 ** 20;

/**
 * Which run comes after one that stopped.
 *
 * IPOP doubles the population. BIPOP does so too, and between such runs has others with small populations and small first steps, as long as
 * these have used fewer evaluations than the large ones.
 *
 * @see Auger and Hansen (2005), A restart CMA evolution strategy with increasing population size, CEC 2005
 * @see Hansen (2009), Benchmarking a BI-population CMA-ES on the BBOB-2009 function testbed, GECCO workshops; the details are pycma's
 */
export class Restarts {
  readonly #kind: RestartKind;
  readonly #first: Regime;
  #isSmall = true;
  #doublings = 0;
  /** Evaluations of all runs so far, by regime; the first run counts as a small one. */
  #small = 0;
  #large = 0;
  #count = 0;

  constructor(kind: RestartKind, populationSize: number, sigma0: number) {
    this.#kind = kind;
    this.#first = { populationSize, sigma0, maxEvaluations: Infinity };
  }

  /** How many there were. */
  get count(): number {
    return this.#count;
  }

  /** @param used evaluations of the run that stopped */
  next(used: number, random: RandomStream): Regime {
    this.#count++;
    this.#note(used);
    const { populationSize, sigma0 } = this.#first;
    if (!this.#isSmall) return { ...this.#first, populationSize: populationSize * 2 ** this.#doublings };
    // lambda_small = lambda (lambda_large / lambda)^(U^2), sigma0_small = sigma0 10^(-2 U)
    const sigmaFactor = power(0.01, random.uniform());
    const exponent = random.uniform() ** 2;
    return {
      populationSize: Math.floor(populationSize * power(2, this.#doublings * exponent)),
      sigma0: sigma0 * sigmaFactor,
      maxEvaluations: Math.max(1, Math.floor(this.#large / 2)),
    };
  }

  /** A run has used so many evaluations: decides of what kind the next one is. */
  #note(used: number): void {
    if (this.#isSmall) this.#small += used;
    else this.#large += used;
    this.#isSmall = this.#kind === 'bipop' && this.#small < this.#large;
    const isLarger = this.#first.populationSize * 2 ** (this.#doublings + 1) <= LARGEST_POPULATION;
    if (!this.#isSmall && isLarger) this.#doublings++;
  }

  /** The run after some that used so many evaluations each. */
  after(earlier: readonly number[], random: RandomStream): Regime {
    const last = earlier.at(-1);
    if (last === undefined) return this.#first;
    for (const used of earlier.slice(0, -1)) this.#note(used);
    return this.next(last, random);
  }

  save(writer: SnapshotWriter): void {
    writer.put('restarts', this.#count);
    writer.put('isSmall', Number(this.#isSmall));
    writer.put('doublings', this.#doublings);
    writer.put('evaluationsOfSmall', this.#small);
    writer.put('evaluationsOfLarge', this.#large);
  }

  load(reader: SnapshotReader): void {
    const most = Number.MAX_SAFE_INTEGER;
    this.#count = reader.integer('restarts', 0, this.#kind === 'none' ? 0 : most);
    this.#isSmall = reader.integer('isSmall', 0, 1) === 1;
    this.#doublings = reader.integer('doublings', 0, 20);
    this.#small = reader.integer('evaluationsOfSmall', 0, most);
    this.#large = reader.integer('evaluationsOfLarge', 0, most);
  }
}
