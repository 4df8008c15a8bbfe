/**
 * An optimizer of your own, from the plug-in one-plus-one-es.ts, beside CMA-ES. The bandit starts more of the type that pays off.
 *
 *     node examples/own-optimizer.ts [EVALUATIONS]
 */
import { any, GloMPOManager } from 'glompo';

const evaluations = Number(process.argv[2] ?? 50_000);

await using manager = new GloMPOManager({
  plugins: ['one-plus-one-es.ts'],
  baseDir: import.meta.dirname,
  task: { benchmark: 'schwefel', dimension: 6 },
  optimizers: {
    selector: 'bandit',
    use: [{ 'one-plus-one-es': { tolX: 1e-5 } }, 'cma-es'],
  },
  stop: any({ 'max-evaluations': evaluations }, { 'target-value': { target: 0, tolerance: 1e-6 } }),
  dir: 'runs/own-optimizer',
  overwrite: true,
});

const starts: Record<string, number> = {};
manager.events$.subscribe((event) => {
  if (event.type === 'optimizer-started')
    starts[event.data.optimizer] = (starts[event.data.optimizer] ?? 0) + 1;
  else if (event.type === 'optimizer-ended')
    console.log(`Optimizer ${event.optimizerId}: ${event.data.status}, ${event.data.reason}`);
});

const { fx } = await manager.start();

console.log(`\nMinimum of Schwefel's function: 0`);
console.log(`Found:                          ${fx}`);
for (const [type, count] of Object.entries(starts)) console.log(`${type} was started ${count} times`);
