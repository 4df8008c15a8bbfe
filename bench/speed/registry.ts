import type { Benchmark } from '../harness/benchmark.ts';
import { cluster } from './cluster.ts';
import { cmaEs } from './cma-es.ts';
import { coldStart } from './cold-start.ts';
import { benchmarks as functions } from './benchmarks.ts';
import { checkpoints } from './checkpoints.ts';
import { commands } from './commands.ts';
import { efficiency } from './efficiency.ts';
import { external } from './external.ts';
import { finishToAck } from './finish-to-ack.ts';
import { levels } from './levels.ts';
import { log } from './log.ts';
import { memory } from './memory.ts';
import { page } from './page.ts';
import { pool } from './pool.ts';
import { pools } from './pools.ts';
import { managedRate } from './managed-rate.ts';
import { managerCost } from './manager-cost.ts';
import { reproducible } from './reproducible.ts';
import { scaling } from './scaling.ts';
import { wire } from './wire.ts';

const ALL: readonly Benchmark[] = [
  managedRate,
  cmaEs,
  coldStart,
  managerCost,
  scaling,
  levels,
  pools,
  pool,
  efficiency,
  cluster,
  finishToAck,
  wire,
  checkpoints,
  log,
  functions,
  commands,
  external,
  page,
  memory,
  reproducible,
];

/** Benchmarks of speed by name, in the order in which they are run. */
export const benchmarks: ReadonlyMap<string, Benchmark> = new Map(
  ALL.map((benchmark) => [benchmark.name, benchmark]),
);
