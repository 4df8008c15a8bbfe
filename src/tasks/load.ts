import type { Task, TaskSpec } from './contract.ts';
import { loadModuleTask } from './module.ts';

/**
 * Loads a task in this thread.
 *
 * @throws {CodedError} `task-load-failed`, in words for the task's author; `component-unknown` for a benchmark that does not exist
 */
export async function loadTask(spec: TaskSpec): Promise<Task> {
  if (spec.kind === 'module') return loadModuleTask(spec);
  // A worker loads what its task needs: dozens of workers start at once.
  const { loadBenchmarkTask } = await import('./benchmark.ts');
  return loadBenchmarkTask(spec);
}
