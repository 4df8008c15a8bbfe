import { besidesOf } from './besides.ts';
import type { Task, TaskSpec } from './contract.ts';
import { loadModuleTask } from './module.ts';
import type { TaskWorld } from './world.ts';

/** All but programs that stay up, which are workers themselves. */
export type InProcessSpec = Exclude<TaskSpec, { kind: 'worker' }>;

const NO_WORLD: TaskWorld = { print: () => {} };

/**
 * Loads a task in this thread.
 *
 * @throws {CodedError} `task-load-failed`, in words for the task's author; `component-unknown` for a benchmark that does not exist
 */
export async function loadTask(spec: InProcessSpec, world: TaskWorld = NO_WORLD): Promise<Task> {
  const task = await loadSource(spec, world);
  if (!spec.residuals) return task;
  return {
    ...besidesOf(task),
    evaluate: (x, context) => task.evaluate(x, context),
    residuals: spec.residuals,
    ...(task.settlesWhenAborted ? { settlesWhenAborted: true } : {}),
    [Symbol.asyncDispose]: async () => task[Symbol.asyncDispose]?.(),
  };
}

async function loadSource(spec: InProcessSpec, world: TaskWorld): Promise<Task> {
  // A worker loads what its task needs: dozens of workers start at once.
  switch (spec.kind) {
    case 'module':
      return loadModuleTask(spec);
    case 'benchmark':
      return loadBenchmark(spec);
    case 'command': {
      const { loadCommandTask } = await import('./command/command.ts');
      return loadCommandTask(spec, world);
    }
  }
}

async function loadBenchmark(spec: Extract<TaskSpec, { kind: 'benchmark' }>): Promise<Task> {
  const { loadBenchmarkTask } = await import('./benchmark.ts');
  return loadBenchmarkTask(spec);
}
