import type { Task } from './contract.ts';

/** What a task may have besides its function: a module exports it, or the task is an object that has it. */
export const BESIDES = ['report', 'distance', 'canonical'] as const;

/** What `task` has of these, bound to it. */
export function besidesOf(task: Task): Partial<Task> {
  return Object.fromEntries(
    BESIDES.filter((name) => task[name] !== undefined).map((name) => [name, task[name]!.bind(task)]),
  );
}
