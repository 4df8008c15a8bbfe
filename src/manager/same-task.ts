import path from 'node:path';
import type { RunConfig } from '../config/run-config.ts';
import { toPlain } from '../config/write.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { TaskSpec } from '../tasks/contract.ts';
import { filesOf } from '../tasks/files.ts';

/**
 * Whether a task is stated as that of a log is: its arguments, functions, environment, weights. Its files may have moved, as what is in
 * them is compared by itself, see `fingerprintOf`.
 *
 * @param before the task in the configuration of the log
 */
export function isStatedAlike(before: Json | undefined, config: RunConfig): boolean {
  const files = new Set(filesOf(config.task));
  const directory = directoryOf(config.task);
  const isFile = (text: string): boolean => files.has(path.resolve(directory, text.replace(FUNCTION, '')));
  const isAlike = (one: Json | undefined, other: Json | undefined): boolean => {
    if (typeof one === 'string' && typeof other === 'string')
      return one === other || (isFile(other) && path.basename(one) === path.basename(other));
    if (!isObject(one) || !isObject(other)) return one === other;
    const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
    return (
      Array.isArray(one) === Array.isArray(other) &&
      keys.values().every((key) => isAlike(one[key], other[key]))
    );
  };
  const now = toPlain(config)['task'];
  return isObject(before) && isObject(now) ? isAlike(essenceOf(before), essenceOf(now)) : before === now;
}

/** Where and how a task is run, which makes no other values of it. */
const CIRCUMSTANCES: ReadonlySet<string> = new Set([
  'directory',
  'interpreter',
  'startSeconds',
  'graceSeconds',
  'maxEvaluationsPerWorker',
  'maxOutputBytes',
  'retryExitCodes',
]);

function essenceOf(task: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(task).filter(([key]) => !CIRCUMSTANCES.has(key)));
}

/** What follows the file in `python: fit.py:energy`. */
const FUNCTION = /:[^:/\\]*$/;

function directoryOf(task: TaskSpec): string {
  return 'cwd' in task ? task.cwd : process.cwd();
}

function isObject(value: Json | undefined): value is Json & Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null;
}
