import { describe } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { BESIDES } from './besides.ts';
import type { Task, TaskFunction } from './contract.ts';

/** The task among a module's exports, or what is wrong, continuing the sentence "task module x.ts …". */
export type Choice = { readonly task: Task } | { readonly fault: string };

const EXPECTED = 'expected a function or an object with evaluate';

/**
 * Finds the task: the export called `name`; without a name `default`, then `evaluate`, then the only function there is. It is a
 * function, or an object with the method `evaluate`, which is called as its method.
 */
export function chooseExport(exported: Readonly<Record<string, unknown>>, name?: string): Choice {
  const names = namesOf(exported);
  if (name !== undefined) return chooseByName(exported, names, name);
  for (const usual of ['default', 'evaluate']) {
    const task = asTask(exported[usual]);
    if (task) return isClass(exported[usual]) ? isAClass(usual) : { task };
  }
  const functions = names.filter(
    (key) =>
      !(BESIDES as readonly string[]).includes(key) &&
      typeof exported[key] === 'function' &&
      !isClass(exported[key]),
  );
  if (functions.length === 1) return { task: asTask(exported[functions[0]!])! };
  if (functions.length > 1)
    return {
      fault: `exports several functions (${functions.join(', ')}), none of them default or evaluate; say which with export`,
    };
  return { fault: `exports ${list(exported, names)}; ${EXPECTED}` };
}

/** Node adds `module.exports` to what it finds in a CommonJS module, and takes a file without any export for one, with `{}` as default. */
function namesOf(exported: Readonly<Record<string, unknown>>): readonly string[] {
  const common = exported['module.exports'];
  const isEmpty = typeof common === 'object' && common !== null && Object.keys(common).length === 0;
  return Object.keys(exported).filter((key) => key !== 'module.exports' && !(isEmpty && key === 'default'));
}

function chooseByName(
  exported: Readonly<Record<string, unknown>>,
  names: readonly string[],
  name: string,
): Choice {
  if (!names.includes(name)) {
    const near = nearest(name, names);
    return {
      fault: `has no export ${name}${near ? `; did you mean ${near}?` : ''} (it exports ${list(exported, names)})`,
    };
  }
  if (isClass(exported[name])) return isAClass(name);
  const task = asTask(exported[name]);
  return task ? { task } : { fault: `exports ${name} as ${describe(exported[name])}; ${EXPECTED}` };
}

function asTask(value: unknown): Task | undefined {
  if (typeof value === 'function') return { evaluate: value as TaskFunction };
  const isTask =
    typeof value === 'object' &&
    value !== null &&
    'evaluate' in value &&
    typeof value.evaluate === 'function';
  // The object itself, not its method: the method may need its `this`.
  return isTask ? (value as Task) : undefined;
}

/** A class is a function that cannot be called. */
function isClass(value: unknown): boolean {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}

function isAClass(name: string): Choice {
  return { fault: `exports ${name} as a class; ${EXPECTED}, such as new of that class` };
}

function list(exported: Readonly<Record<string, unknown>>, names: readonly string[]): string {
  return names.length === 0
    ? 'nothing'
    : names.map((name) => `${name} (${describe(exported[name])})`).join(', ');
}
