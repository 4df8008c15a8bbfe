/**
 * Optimizers that learn from each other: the best point of the run is shown to all others at every hunt.
 *
 *     node examples/nudging.ts [EVALUATIONS]
 *
 * CMA-ES ranks such a point as if it were one of its own, and moves towards it when it is among the best. So fewer optimizers work on hopeless
 * minima, at the price of less variety. Compare with customized.ts: the same function and budget, without.
 */
import { any, GloMPOManager } from 'glompo';

const evaluations = Number(process.argv[2] ?? 100_000);

await using manager = new GloMPOManager({
  task: { benchmark: 'schwefel', dimension: 20 },
  optimizers: [{ 'cma-es': { populationSize: 12, sigma0: 0.5 } }],
  // Nobody is killed for being near the best one: that is where they are all sent.
  hunters: any(
    { 'evaluations-unmoving': { calls: 100, tolerance: 0.01 } },
    { 'best-unmoving': { calls: Math.ceil(evaluations / 15), tolerance: 0.2 } },
  ),
  stop: any({ 'max-evaluations': evaluations }, { 'target-value': { target: 0, tolerance: 1e-6 } }),
  // `migration: ring` or `fully-connected` would show each optimizer's own best point to others.
  manager: { maxJobs: 10, backend: 'threads', huntFrequency: 500, shareBest: true },
  dir: 'runs/nudging',
  overwrite: true,
});

let nudges = 0;
manager.events$.subscribe((event) => {
  if (event.type === 'inject') nudges += event.data.to.length;
});

const { fx, optimizers, stopReason } = await manager.start();

console.log(`Minimum of Schwefel's function: 0`);
console.log(`Found:                          ${fx}`);
console.log(
  `${optimizers.started} optimizers started, ${optimizers.killed} were killed; ${nudges} times one was shown a better point`,
);
console.log(`Stopped by ${stopReason}`);
