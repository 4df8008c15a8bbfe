import { probeTask } from '../backends/task-thread.ts';
import { loadConfig } from '../config/load.ts';
import type { ProbeOptimizer } from '../config/optimizers.ts';
import type { ExamineWarmStart, ResolveOptions } from '../config/resolve.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { ConfigFlags } from './options.ts';

/**
 * Reads and checks a configuration, its task included: a task that does not load is a mistake like any other, told with the rest.
 *
 * @param isElsewhere whether other machines evaluate
 */
export function readConfig(
  file: string,
  flags: ConfigFlags,
  isElsewhere: boolean = false,
): Promise<RunConfig> {
  return loadConfig(file, {
    ...optionsOf(flags),
    probeOptimizer,
    examineWarmStart: warmStartFaults,
    isElsewhere,
  });
}

/** The same for who evaluates, and does nothing else: what optimizers need, and the run that is to be begun with, may not be on this machine. */
export function readTaskConfig(file: string, flags: ConfigFlags): Promise<RunConfig> {
  return loadConfig(file, { ...optionsOf(flags), isForTaskAlone: true });
}

function optionsOf({ set, seed }: ConfigFlags): Pick<ResolveOptions, 'sets' | 'seed' | 'probe'> {
  return { sets: set, probe: probeTask, ...(seed === undefined ? {} : { seed }) };
}

// What few configurations need is loaded for those.

const warmStartFaults: ExamineWarmStart = async (config) =>
  config.warmStart ? (await import('../manager/other-run.ts')).warmStartFaults(config) : [];

const probeOptimizer: ProbeOptimizer = async (...what) =>
  (await import('../backends/outside/probe.ts')).probeOptimizer(...what);
