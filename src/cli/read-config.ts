import { probeTask } from '../backends/task-thread.ts';
import { loadConfig } from '../config/load.ts';
import type { ProbeOptimizer } from '../config/optimizers.ts';
import type { ExamineWarmStart } from '../config/resolve.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { ConfigFlags } from './options.ts';

/**
 * Reads and checks a configuration, its task included: a task that does not load is a mistake like any other, told with the rest.
 *
 * @param examineWarmStart looks at the run that is to be begun with
 * @param isElsewhere whether other machines evaluate
 */
export function readConfig(
  file: string,
  { set, seed }: ConfigFlags,
  examineWarmStart: ExamineWarmStart = warmStartFaults,
  isElsewhere: boolean = false,
): Promise<RunConfig> {
  return loadConfig(file, {
    sets: set,
    probe: probeTask,
    probeOptimizer,
    examineWarmStart,
    isElsewhere,
    ...(seed === undefined ? {} : { seed }),
  });
}

// What few configurations need is loaded for those.

const warmStartFaults: ExamineWarmStart = async (config) =>
  config.warmStart ? (await import('../manager/other-run.ts')).warmStartFaults(config) : [];

const probeOptimizer: ProbeOptimizer = async (...what) =>
  (await import('../backends/outside/probe.ts')).probeOptimizer(...what);
