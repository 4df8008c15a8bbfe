import type { OptimizerCard } from './frame.ts';

/** Where an optimizer is in the picture of the slots. */
export interface Lane {
  readonly optimizer: OptimizerCard;
  /** The first of its lanes, from 0; it takes `workers` of them. */
  readonly first: number;
}

/** Gives each optimizer as many lanes, side by side, as it has workers: the lowest that are free when it starts. */
export function lanesOf(optimizers: readonly OptimizerCard[]): {
  readonly lanes: readonly Lane[];
  readonly count: number;
} {
  /** When each lane is free again. */
  const free: number[] = [];
  const lanes: Lane[] = [];
  for (const optimizer of optimizers.toSorted((a, b) => a.started.time - b.started.time || a.id - b.id)) {
    const { started, ended, workers } = optimizer;
    let first = 0;
    for (let lane = 0; lane < first + workers; lane++)
      if ((free[lane] ?? -Infinity) > started.time) first = lane + 1;
    for (let lane = first; lane < first + workers; lane++) {
      while (free.length <= lane) free.push(-Infinity);
      free[lane] = ended?.time ?? Infinity;
    }
    lanes.push({ optimizer, first });
  }
  return { lanes, count: free.length };
}
