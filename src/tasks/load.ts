import { loadBenchmarkTask } from './benchmark.ts';
import type { Task, TaskSpec } from './contract.ts';
import { loadModuleTask } from './module.ts';

/**
 * Loads a task in this thread.
 *
 * @throws {CodedError} `task-load-failed`, in words for the task's author; `component-unknown` for a benchmark that does not exist
 */
export async function loadTask(spec: TaskSpec): Promise<Task> {
  return spec.kind === 'module' ? loadModuleTask(spec) : loadBenchmarkTask(spec);
}
