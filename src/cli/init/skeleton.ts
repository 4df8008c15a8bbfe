import type { TaskAnswer } from './answers.ts';

/** What a task's file is begun with when there is none: it runs as it is. Nothing for tasks that are no file. */
export function skeletonOf(task: TaskAnswer, names: readonly string[]): string | undefined {
  const points = names.map((name, i) => `x[${i}] is ${printed(name)}`).join(', ');
  if (task.kind === 'module') return task.file.endsWith('ts') ? typescript(points) : javascript(points);
  return task.kind === 'python' ? python(task.name || 'loss', points) : undefined;
}

/** On one line, whatever is in it. */
function printed(name: string): string {
  return /^[^\p{C}*/]+$/u.test(name) ? name : JSON.stringify(name).replaceAll('/', '\\/');
}

function javascript(points: string): string {
  return `/** What is minimized: replace this by your own. ${points}. Lower is better; what throws is a failed evaluation. */
export default function task(x) {
  return x.reduce((sum, value) => sum + (value - 1) ** 2, 0);
}
`;
}

function typescript(points: string): string {
  return javascript(points).replace('task(x)', 'task(x: Float64Array): number');
}

function python(name: string, points: string): string {
  return `def ${name}(x):
    # What is minimized: replace this by your own. ${points}. Lower is better; an exception is a failed evaluation.
    return sum((value - 1) ** 2 for value in x)
`;
}
