import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { TaskAnswer } from './answers.ts';

/** What a task's file is begun with when there is none: it runs as it is. Nothing for tasks that are no file. */
export function skeletonOf(task: TaskAnswer, names: readonly string[]): string | undefined {
  const points = names.map((name, i) => `x[${i}] is ${printed(name)}`).join(', ');
  if (task.kind === 'module') {
    const text = task.file.endsWith('ts') ? typescript(points) : javascript(points);
    return isCommonJs(path.resolve(task.file))
      ? text.replace('export default function', 'module.exports = function').replace(/\}\n$/, '};\n')
      : text;
  }
  return task.kind === 'python' ? python(task.name || 'loss', points) : undefined;
}

/** As Node.js decides it: by the file's name, else by the package.json that is nearest, which `npm init` makes one of CommonJS. */
function isCommonJs(file: string): boolean {
  if (/\.[cm][jt]s$/.test(file)) return /\.c[jt]s$/.test(file);
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const found = path.join(folder, 'package.json');
    if (existsSync(found)) return /"type"\s*:\s*"commonjs"/.test(readFileSync(found, 'utf8'));
    if (folder === path.dirname(folder)) return false;
  }
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
