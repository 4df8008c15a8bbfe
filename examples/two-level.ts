/**
 * Parallel on two levels: several optimizers at once, and several points of each of them at once. The task is to arrange ten atoms that attract
 * each other: 30 coordinates, and dozens of arrangements that no small move improves.
 *
 *     node examples/two-level.ts [EVALUATIONS]
 */
import { all, any, GloMPOManager } from 'glompo';

const ATOMS = 10;
/** Cambridge Cluster Database: Wales, Doye (1997), J. Phys. Chem. A 101, 5111. */
const KNOWN_MINIMUM = -28.422532;

const evaluations = Number(process.argv[2] ?? 200_000);

await using manager = new GloMPOManager({
  // Besides the energy, this module exports a distance that takes two clusters for the same when one is the other turned or renumbered.
  task: { module: 'lennard-jones.ts' },
  baseDir: import.meta.dirname,
  parameters: Array.from({ length: ATOMS }, (_, i) =>
    ['x', 'y', 'z'].map((axis) => ({ name: `${axis}${i + 1}`, min: -2, max: 2 })),
  ).flat(),

  // Level 1: four jobs at once. An optimizer with two workers takes two of them, so there are two optimizers, each in a thread.
  // Level 2: two threads of its own evaluate the points of each. A task that is worth it takes milliseconds; this one takes microseconds.
  manager: { maxJobs: 4, backend: 'threads', huntFrequency: 100, minimaTolerance: 0.02 },
  optimizers: [{ 'cma-es': { workers: 2, evaluate: 'threads', sigma0: 0.05, tolFun: 1e-4 } }],

  // Basin hopping: an optimizer ends in the minimum near its start, and the next one starts a step away from a minimum that was found, mostly
  // a good one. Small first steps (sigma0) keep it near.
  generator: { 'basin-hopping': { scale: 0.07 } },

  // Who has settled where it is worse than elsewhere need not go on to the last digit.
  hunters: all(
    { 'evaluations-unmoving': { calls: 100, tolerance: 0.01 } },
    { 'value-annealing': { survivalAtTwice: 0.1 } },
  ),
  stop: any(
    { 'max-evaluations': evaluations },
    { 'target-value': { target: KNOWN_MINIMUM, tolerance: 1e-5 } },
  ),
  dir: 'runs/two-level',
  overwrite: true,
});

const { fx, minima, optimizers, evaluations: used, wallSeconds } = await manager.start();

console.log(`Lowest energy known: ${KNOWN_MINIMUM}`);
console.log(`Found:               ${fx?.toFixed(6)}`);
console.log(
  `${used} evaluations in ${wallSeconds.toFixed(1)} s, ${optimizers.started} optimizers, ${optimizers.killed} killed`,
);
console.log(`\nSeparate minima, and how many optimizers ended there:`);
for (const minimum of minima.slice(0, 8)) console.log(`  ${minimum.fx.toFixed(4)}  ${minimum.hits}`);
