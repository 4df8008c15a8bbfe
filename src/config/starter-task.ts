import type { Json } from '../core/json.ts';
import { benchmarks } from '../tasks/benchmarks/registry.ts';
import { commandTaskSchema } from './sections/command-task.ts';
import { benchmarkTaskSchema, moduleTaskSchema } from './sections/task.ts';
import { pythonTaskSchema } from './sections/worker-task.ts';
import { options } from './starter-lines.ts';

/** The lines of the section `task`. */
export type TaskLines = readonly string[];

export function moduleLines(file: string): TaskLines {
  return [
    '# What is minimized: a function that a module exports. It gets a point and returns a number, lower is better; or residuals, extras and more',
    '# (docs/least-squares.md).',
    'task:',
    ...options(moduleTaskSchema, { module: file, export: 'default' }, { module: file }),
  ];
}

/** @param written `fit.py:loss` */
export function pythonLines(written: string): TaskLines {
  return [
    '# What is minimized: a Python function. It gets a point, or each parameter by its name, and returns a number, lower is better, or a list of',
    '# residuals (docs/python.md).',
    'task:',
    ...options(pythonTaskSchema, { python: written, interpreter: null, directory: '.' }, { python: written }),
  ];
}

export function commandLines(argv: readonly string[]): TaskLines {
  const examples = {
    command: [...argv],
    directory: '.',
    stdin: null,
    okExitCodes: [0],
    retryExitCodes: [75],
  };
  return [
    '# What is minimized: a program, started for each evaluation. {name} in its arguments is a parameter; its value is the last number that it',
    '# prints, unless `read` says otherwise (docs/programs.md).',
    'task:',
    ...options(commandTaskSchema, examples, { command: [...argv] }),
    '  #workDirectory: failed # each evaluation in a directory of its own; which are kept: all, failed, best or none',
    '  #read: last-number # or { json: result.loss }, { pattern: "loss = (.*)" }, and more',
  ];
}

/** @throws {CodedError} `component-unknown` */
export function benchmarkLines(name: string): TaskLines {
  const benchmark = benchmarks.get(name);
  const { properties, required = [] } = benchmark.options;
  const examples: Record<string, Json> = {};
  for (const [key, { default: usual, minimum = 1, maximum = 10, enum: choices, items }] of Object.entries(
    properties,
  ))
    if (usual !== undefined || required.includes(key) || !items)
      examples[key] =
        usual ?? choices?.[0] ?? Math.min(maximum, Math.max(minimum, key === 'dimension' ? 10 : minimum));
  const given = Object.fromEntries(required.map((key) => [key, examples[key]]));
  return [
    '# What is minimized: a test function (docs/benchmarks.md).',
    'task:',
    ...options(
      benchmarkTaskSchema(benchmark),
      { benchmark: name, ...examples },
      {
        benchmark: name,
        ...given,
      },
    ),
  ];
}
