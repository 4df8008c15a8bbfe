import type { Benchmark } from '../harness/benchmark.ts';
import { cmaEs } from './cma-es.ts';
import { coldStart } from './cold-start.ts';
import { levels } from './levels.ts';
import { pools } from './pools.ts';
import { managedRate } from './managed-rate.ts';
import { managerCost } from './manager-cost.ts';
import { scaling } from './scaling.ts';

const ALL: readonly Benchmark[] = [managedRate, cmaEs, coldStart, managerCost, scaling, levels, pools];

/** Benchmarks of speed by name, in the order in which they are run. */
export const benchmarks: ReadonlyMap<string, Benchmark> = new Map(
  ALL.map((benchmark) => [benchmark.name, benchmark]),
);
