/**
 * A run where every part was chosen: Schwefel's function in 20 dimensions, whose best minima lie far from each other near the bounds.
 *
 *     node examples/customized.ts [EVALUATIONS]
 */
import { all, any, GloMPOManager } from 'glompo';

const evaluations = Number(process.argv[2] ?? 100_000);

await using manager = new GloMPOManager({
  // One of the test functions that glompo knows. It brings its own parameters: x1 … x20 in [-500, 500].
  task: { benchmark: 'schwefel', dimension: 20 },

  // What is started, again and again: here one type, so that the selector (cycle) has no choice. Lengths are fractions of the box,
  // so the first standard deviation is 500.
  optimizers: [{ 'cma-es': { populationSize: 12, sigma0: 0.5 } }],

  // Where the next one starts.
  generator: 'random',

  // Who is killed, to make place for another start. Asked of each optimizer at every 500th evaluation of the run. Tolerances of values are
  // parts of the run's own spread of values, those of points are parts of the diagonal of the box.
  hunters: any(
    // Its last 100 values are almost the same, and it is worse than the best one: the worse, the more likely it goes.
    all(
      { 'evaluations-unmoving': { calls: 100, tolerance: 0.01 } },
      { 'value-annealing': { survivalAtTwice: 0.1 } },
    ),
    // It has gone nowhere for a long time.
    { 'best-unmoving': { calls: Math.ceil(evaluations / 15), tolerance: 0.2 } },
    // It is where the best one is.
    { 'parameter-distance': 0.05 },
  ),

  // The end: the budget, or the minimum.
  stop: any({ 'max-evaluations': evaluations }, { 'target-value': { target: 0, tolerance: 1e-6 } }),

  manager: {
    // Ten optimizers at a time, however many processors there are, each in a process of its own.
    maxJobs: 10,
    backend: 'processes',
    huntFrequency: 500,
    // An optimizer that is silent for a minute is ended by force.
    forceTerminationsAfterSeconds: 60,
  },

  // The log, a copy of the configuration and what optimizers print go here.
  dir: 'runs/customized',
  overwrite: true,
});

// Everything that happens is an event. Its type says what `data` holds.
manager.events$.subscribe((event) => {
  switch (event.type) {
    case 'kill':
      console.log(`${event.callId}: optimizer ${event.optimizerId} is killed: ${event.data.explanation}`);
      break;
    case 'optimizer-ended':
      console.log(
        `${event.callId}: optimizer ${event.optimizerId} ${event.data.status}: ${event.data.reason}`,
      );
      break;
    default:
  }
});

// Ctrl-C ends the run with its result.
process.once('SIGINT', () => manager.stop('Ctrl-C'));

// How it stands, once a minute.
const status = setInterval(() => {
  const progress = manager.progress();
  if (progress)
    console.log(`${progress.evaluations} of ${progress.budget} evaluations, best ${progress.best?.fx}`);
}, 60_000);

const result = await manager.start();
clearInterval(status);

const { started, killed, converged } = result.optimizers;
console.log(`\nMinimum of Schwefel's function: 0`);
console.log(`Found:                          ${result.fx}`);
console.log(`${started} optimizers started, ${killed} were killed, ${converged} converged`);
console.log(`Stopped by ${result.stopReason}`);
