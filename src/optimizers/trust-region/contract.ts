import type { SnapshotReader, SnapshotWriter } from '../snapshot.ts';
import type { StageAnswer } from '../staged.ts';
import type { ResolvedTrustRegionOptions } from './options.ts';
import type { Quadratic } from './step.ts';

/** What is known of a point. */
export interface Sample {
  /** Is minimized. */
  readonly value: number;
  /** Whose squares sum up to the value, for a model of each. */
  readonly residuals?: Float64Array;
}

/** Points with their values, and a model that they determine, which counts from the best of them. */
export interface ModelSet {
  readonly best: Float64Array;
  readonly bestSample: Sample;
  /** The model, but for its constant. */
  readonly quadratic: Quadratic;
  /** Of the model at the best + d. */
  valueAt(d: Float64Array): number;
  /** The Lagrange function of a point that is not the best; `undefined` when the points determine none. */
  lagrange(k: number): Quadratic | undefined;
  stepTo(k: number): Float64Array;
  /** The point that is farthest from the best. */
  farthest(): { readonly at: number; readonly distance: number };
  /** The point that a new one at the best + `d` had better take the place of; -1 for none. */
  toReplace(d: Float64Array, isBetter: boolean, radius: number): number;
  /** @returns false when the points determine no model any more */
  replace(k: number, x: Float64Array, sample: Sample): boolean;
  /** To be taken for that of a point that has none: worse than all, but not so much that the model knows nothing else. */
  penalty(): Sample;
  save(writer: SnapshotWriter): void;
}

/** What tells one trust-region method from another. */
export interface Method {
  /** `undefined` for an answer that is of no use. */
  sample(answer: StageAnswer, isRepairing: boolean): Sample | undefined;
  /** The points about `x` that make a first model together with it. */
  around(x: Float64Array, width: number): Float64Array[];
  /** @param samples of which one at least is known */
  make(points: readonly Float64Array[], samples: readonly (Sample | undefined)[]): ModelSet | undefined;
  load(reader: SnapshotReader): ModelSet;
  /** Whether a failed trial takes its place among the points, and warns of its neighbourhood. */
  readonly keepsFailed: boolean;
  /** Whether it begins once more as soon as the model is of little use, and not only in the end. */
  readonly restartsEarly: boolean;
}

/** What a search is made for. */
export interface SearchSetup {
  readonly dimension: number;
  readonly start: Float64Array;
  readonly method: Method;
  readonly options: ResolvedTrustRegionOptions;
}
