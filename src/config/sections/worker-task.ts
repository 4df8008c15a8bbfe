import { type OptionSchema, options, type OptionsSchema } from '../../core/options.ts';

const directory: OptionSchema = {
  description: 'where it runs; relative to this file, in whose directory it runs when this is not given',
  type: 'string',
  minLength: 1,
};

const lifetime = {
  maxEvaluationsPerWorker: {
    description: 'after so many evaluations it is ended and started again; never when not given',
    type: 'integer',
    minimum: 1,
  },
  startSeconds: {
    description: 'how long it may take to say that it is ready',
    type: 'number',
    exclusiveMinimum: 0,
    maximum: 86_400,
    default: 60,
  },
} satisfies Readonly<Record<string, OptionSchema>>;

/** `task` with `command` and `protocol`. Its `environment` is another section. */
export const workerTaskSchema: OptionsSchema = options(
  {
    command: {
      description:
        'a program that stays up, with its arguments; with a slash relative to this file, otherwise looked for on PATH',
      type: 'array',
      items: { description: 'the program or an argument', type: 'string' },
      minItems: 1,
    },
    protocol: { description: 'how it is spoken to, see docs/protocol.md', enum: ['jsonl'] },
    directory,
    ...lifetime,
  },
  ['command', 'protocol'],
);

/** `task` with `python`. */
export const pythonTaskSchema: OptionsSchema = options(
  {
    python: {
      description:
        'a function in a Python file: fit.py:loss; without a name evaluate, task, objective, loss or the only one there is; relative to this file',
      type: 'string',
      minLength: 1,
    },
    interpreter: {
      description:
        'the Python, 3.9 or later; with a slash relative to this file, otherwise looked for on PATH',
      type: 'string',
      minLength: 1,
      default: 'python3',
    },
    directory,
    ...lifetime,
  },
  ['python'],
);
