import { probeTask } from '../backends/task-thread.ts';
import { loadConfig } from '../config/load.ts';
import type { RunConfig } from '../config/run-config.ts';
import { warmStartFaults } from '../manager/other-run.ts';
import type { ConfigFlags } from './options.ts';

/** Reads and checks a configuration, its task included: a task that does not load is a mistake like any other, told with the rest. */
export function readConfig(file: string, { set, seed }: ConfigFlags): Promise<RunConfig> {
  return loadConfig(file, {
    sets: set,
    probe: probeTask,
    examineWarmStart: warmStartFaults,
    ...(seed === undefined ? {} : { seed }),
  });
}
