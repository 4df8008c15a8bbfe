import path from 'node:path';
import type { HostListener } from '../backends/hosts/contract.ts';
import type { OptimizerPast } from '../backends/rebuild.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { Books } from './books.ts';
import type { Knowledge } from './knowledge.ts';
import { LiveOptimizer } from './live-optimizer.ts';
import { type Choice, NO_TYPE } from './spawning.ts';
import type { ManagerWorld } from './world.ts';

/**
 * Starts one optimizer: first in the log, then for real.
 *
 * @param start a point of the unit box
 * @param listen makes the listener of its host, which is not called before this returns
 */
export function launch(
  config: RunConfig,
  world: ManagerWorld,
  { chronicle, knowledge, predecessor, shown }: Books,
  id: number,
  { type: place, use }: Choice,
  start: Float64Array,
  listen: (optimizer: LiveOptimizer) => HostListener,
): LiveOptimizer {
  const { name: type, options, workers } = use;
  // A repetition of the best point is none of the configuration's, and is shown nothing.
  const point = place === NO_TYPE ? undefined : predecessor.pointFor(id);
  const { clock, log } = world;
  log.atomically(() => {
    log.startOptimizer({
      optimizerId: id,
      type,
      options,
      workers,
      start,
      startedAt: clock.now(),
      startedAfterCall: chronicle.lastCall,
      place,
    });
    chronicle.tell({
      kind: 'decision',
      type: 'optimizer-started',
      optimizerId: id,
      message: `${type} with ${workers} ${workers === 1 ? 'worker' : 'workers'}`,
      data: { optimizer: type, workers },
    });
    if (point)
      chronicle.tell({
        kind: 'decision',
        type: 'inject',
        message: `call ${point.callId} of the run before to ${id}`,
        data: { callId: point.callId, from: point.optimizerId, to: [id] },
      });
  });
  const optimizer = new LiveOptimizer(id, use, clock.elapsed());
  connect(config, world, knowledge, optimizer, start, listen);
  if (!point) return optimizer;
  shown.set(id, point.callId);
  optimizer.inject(point);
  return optimizer;
}

/**
 * Starts a host for an optimizer that the log knows, and returns the optimizer.
 *
 * @param past what it did already, in a host that is gone
 */
export function connect(
  config: RunConfig,
  { launcher, runDir }: ManagerWorld,
  knowledge: Knowledge,
  optimizer: LiveOptimizer,
  start: Float64Array,
  listen: (optimizer: LiveOptimizer) => HostListener,
  past?: OptimizerPast,
): LiveOptimizer {
  const { id } = optimizer;
  const { name: type, options, workers, evaluate, priority } = optimizer.use;
  const { parameters, constraints, task, manager } = config;
  const cache = knowledge.setupFor(optimizer);
  optimizer.connect(launcher.launch(id, listen(optimizer)), {
    ...(launcher.ticket ? { custody: launcher.ticket } : {}),
    workRoot: path.join(runDir, 'work'),
    optimizerId: id,
    optimizer: { type, options, workers },
    plugins: config.plugins,
    start,
    seed: manager.seed,
    parameters,
    constraints,
    task,
    onFailure: manager.onFailure,
    pace: manager.reproducible ? 'rounds' : 'free',
    ...(past ? { past } : {}),
    ...(cache ? { cache } : {}),
    evaluator: {
      kind: evaluate,
      workers: Math.min(workers, manager.maxWorkers ?? Infinity),
      retries: manager.retries,
      ...(priority === undefined ? {} : { priority }),
      ...(manager.timeoutSeconds === undefined ? {} : { timeoutSeconds: manager.timeoutSeconds }),
    },
  });
  return optimizer;
}
