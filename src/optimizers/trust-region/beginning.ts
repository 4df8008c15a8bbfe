import type { RandomStream } from '../../core/random.ts';
import type { StopReason } from '../contract.ts';
import { finite, inUnitBox, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import type { StageAnswer } from '../staged.ts';
import type { Method, Sample, SearchSetup } from './contract.ts';
import type { ResolvedTrustRegionOptions } from './options.ts';

/** More residuals than any log holds. */
const LONGEST = 1e8;

export interface Begun {
  readonly points: readonly Float64Array[];
  /** In their order; one at least is known. */
  readonly samples: readonly (Sample | undefined)[];
}

/**
 * The way to the first points of a model: all about the start at once. Where none of them has a value, points anywhere in the box are tried one by
 * one. Where all of them break a constraint, the violation is minimized until there is none.
 */
export class Beginning {
  readonly #method: Method;
  readonly #options: ResolvedTrustRegionOptions;
  readonly #random: RandomStream;
  #x: Float64Array;
  /** At x, if that is known. */
  #known: Sample | undefined;
  #isProbing = false;
  #isRepairing = false;
  #failedStarts = 0;

  constructor({ method, options, start }: SearchSetup, random: RandomStream) {
    this.#method = method;
    this.#options = options;
    this.#random = random;
    this.#x = start.slice();
  }

  get isRepairing(): boolean {
    return this.#isRepairing;
  }

  /** About `x`. @param known `undefined` when it is to be evaluated too */
  design(x: Float64Array, known: Sample | undefined): void {
    this.#x = x;
    this.#known = known;
    this.#isProbing = false;
  }

  points(width: number): readonly Float64Array[] {
    if (this.#isProbing) return [this.#x];
    const around = this.#method.around(this.#x, Math.min(0.25, width));
    return this.#known ? around : [this.#x, ...around];
  }

  /** @returns the first of some points that is feasible, when all before broke a constraint: to begin with once more */
  feasible(answers: readonly StageAnswer[]): number {
    if (!this.#isRepairing) return -1;
    const at = answers.findIndex(({ violation, ...answer }) => {
      return violation === 0 && this.#method.sample({ ...answer, violation }, false) !== undefined;
    });
    if (at >= 0) this.#isRepairing = false;
    return at;
  }

  /** @returns points that make a model, and what is known of them; `undefined` when there is another beginning, or a reason that there is none */
  take(answers: readonly StageAnswer[], points: readonly Float64Array[]): Begun | undefined {
    let samples = this.#samples(answers);
    if (samples.length === 0) {
      this.#isRepairing = true;
      samples = this.#samples(answers);
      this.#isRepairing = samples.length > 0;
    }
    if (samples.length === 0) this.#probe();
    else if (this.#isProbing) this.design(this.#x, samples[0]);
    else return { points: this.#known ? [this.#x, ...points] : points, samples };
    return undefined;
  }

  get stopReason(): StopReason | undefined {
    const { maxFailedStarts } = this.#options;
    if (this.#failedStarts < maxFailedStarts) return undefined;
    return {
      kind: 'only-failures',
      detail: `the evaluations of all ${maxFailedStarts} starts had no values`,
    };
  }

  /** None when nothing is known of any. */
  #samples(answers: readonly StageAnswer[]): readonly (Sample | undefined)[] {
    const samples = answers.map((answer) => this.#method.sample(answer, this.#isRepairing));
    const all = this.#known ? [this.#known, ...samples] : samples;
    return all.some(Boolean) ? all : [];
  }

  /** Tries another place: uniform in the box. */
  #probe(): void {
    this.#isProbing = true;
    this.#known = undefined;
    this.#failedStarts++;
    this.#x = this.#x.map(() => this.#random.uniform());
  }

  save(writer: SnapshotWriter): void {
    writer.put('isProbing', Number(this.#isProbing));
    writer.put('isRepairing', Number(this.#isRepairing));
    writer.put('failedStarts', this.#failedStarts);
    saveSample(writer, 'centre', this.#known);
    writer.numbers(this.#x);
  }

  static load(reader: SnapshotReader, setup: SearchSetup, random: RandomStream): Beginning {
    const { dimension, options } = setup;
    const loaded = new Beginning(setup, random);
    loaded.#isProbing = reader.integer('isProbing', 0, 1) === 1;
    loaded.#isRepairing = reader.integer('isRepairing', 0, 1) === 1;
    loaded.#failedStarts = reader.integer('failedStarts', 0, options.maxFailedStarts);
    loaded.#known = loadSample(reader, 'centre');
    loaded.#x = reader.numbers('centre', dimension, inUnitBox);
    return loaded;
  }
}

/** -1 in the header: none; 0: a value alone. */
function saveSample(writer: SnapshotWriter, key: string, sample: Sample | undefined): void {
  writer.put(key, sample ? (sample.residuals?.length ?? 0) : -1);
  if (sample) writer.numbers([sample.value, ...(sample.residuals ?? [])]);
}

function loadSample(reader: SnapshotReader, key: string): Sample | undefined {
  const count = reader.integer(key, -1, LONGEST);
  if (count < 0) return undefined;
  const value = reader.number(key, finite);
  return count === 0 ? { value } : { value, residuals: reader.numbers(key, count, finite) };
}
