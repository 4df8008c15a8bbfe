/**
 * The least that a run needs: what to minimize, over which parameters, and when to stop.
 *
 *     node examples/minimal.ts [EVALUATIONS]
 */
import { GloMPOManager } from 'glompo';

const evaluations = Number(process.argv[2] ?? 50_000);

const manager = new GloMPOManager({
  // The file that exports the function. It is a file of its own since it is loaded wherever it is evaluated, in threads or processes.
  task: { module: 'michalewicz.ts' },
  baseDir: import.meta.dirname,
  parameters: [1, 2, 3, 4, 5].map((i) => ({ name: `x${i}`, min: 0, max: Math.PI })),
  stop: { 'max-evaluations': evaluations },
});

// All else has defaults: CMA-ES in as many threads as there are processors, and hunters that kill those that waste evaluations.
const { fx, x, optimizers, runDir } = await manager.start();

console.log(`Minimum of Michalewicz's function: -4.687658`);
console.log(
  `Found:                             ${fx?.toFixed(6)} at (${x?.map((xi) => xi.toFixed(4)).join(', ')})`,
);
console.log(
  `${optimizers.started} optimizers, ${optimizers.killed} of them killed; every evaluation is in ${runDir}`,
);
