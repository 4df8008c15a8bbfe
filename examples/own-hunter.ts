/**
 * A hunter of your own, from the plug-in out-of-reach.ts, combined with one of glompo's.
 *
 *     node examples/own-hunter.ts [EVALUATIONS]
 */
import { all, any, GloMPOManager } from 'glompo';

const evaluations = Number(process.argv[2] ?? 100_000);

await using manager = new GloMPOManager({
  plugins: ['out-of-reach.ts'],
  baseDir: import.meta.dirname,
  task: { benchmark: 'rastrigin', dimension: 10 },
  optimizers: [{ 'cma-es': { populationSize: 40 } }],
  // From here on it is a hunter like any other. This one leaves the young alone: nobody is asked before 1000 evaluations of their own.
  hunters: all({ 'min-evaluations': 1000 }, { 'out-of-reach': { patience: 5000, calls: 400 } }),
  stop: any({ 'max-evaluations': evaluations }, { 'target-value': { target: 0, tolerance: 1e-6 } }),
  manager: { huntFrequency: 200 },
  dir: 'runs/own-hunter',
  overwrite: true,
});

// How each part of the condition was decided, with its figures.
manager.events$.subscribe((event) => {
  if (event.type === 'kill')
    console.log(`Optimizer ${event.optimizerId} is killed: ${event.data.explanation}`);
});

const { fx, optimizers } = await manager.start();

console.log(`\nMinimum of Rastrigin's function: 0`);
console.log(`Found:                           ${fx}`);
console.log(`${optimizers.started} optimizers started, ${optimizers.killed} were killed`);
