import { besidesOf } from './besides.ts';
import type { Task, TaskSpec } from './contract.ts';
import { loadModuleTask } from './module.ts';

/**
 * Loads a task in this thread.
 *
 * @throws {CodedError} `task-load-failed`, in words for the task's author; `component-unknown` for a benchmark that does not exist
 */
export async function loadTask(spec: TaskSpec): Promise<Task> {
  const task = spec.kind === 'module' ? await loadModuleTask(spec) : await loadBenchmark(spec);
  if (!spec.residuals) return task;
  return {
    ...besidesOf(task),
    evaluate: (x, context) => task.evaluate(x, context),
    residuals: spec.residuals,
  };
}

async function loadBenchmark(spec: Extract<TaskSpec, { kind: 'benchmark' }>): Promise<Task> {
  // A worker loads what its task needs: dozens of workers start at once.
  const { loadBenchmarkTask } = await import('./benchmark.ts');
  return loadBenchmarkTask(spec);
}
