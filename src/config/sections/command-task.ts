import { options, type OptionSchema, type OptionsSchema } from '../../core/options.ts';

const list = (description: string, items: OptionSchema): OptionSchema => ({
  description,
  type: 'array',
  items,
});
const text = (description: string): OptionSchema => ({ description, type: 'string', minLength: 1 });

/** `task` with `command`, without `templates`, `environment`, `workDirectory`, `dakota` and `read`, which are checked by themselves. */
export const commandTaskSchema: OptionsSchema = options(
  {
    command: {
      description:
        'the program and its arguments, with {name} or {name:%.6f} for parameters; a text with shell: true',
      type: 'array',
      minItems: 1,
      items: text('the program, or an argument'),
    },
    shell: {
      description: 'is command a text that /bin/sh is to interpret?',
      type: 'boolean',
      default: false,
    },
    directory: text(
      'where the program runs if evaluations have no directory of their own; relative to this file, which is the default',
    ),
    stdin: {
      description: 'what the program finds on standard input: nothing, or its point as one line of JSON',
      enum: ['none', 'json'],
      default: 'none',
    },
    okExitCodes: list('exit codes with which there may be a value; 0 when not given', {
      description: 'an exit code',
      type: 'integer',
      minimum: 0,
      maximum: 255,
    }),
    retryExitCodes: list(
      'exit codes that say that the same point may work the next time; 75 when not given, which is EX_TEMPFAIL',
      { description: 'an exit code', type: 'integer', minimum: 0, maximum: 255 },
    ),
    maxOutputBytes: {
      description: 'how much of what one evaluation prints is kept: the last bytes, to read values from',
      type: 'integer',
      minimum: 1024,
      maximum: 2 ** 30,
      default: 2 ** 20,
    },
    graceSeconds: {
      description: 'how long the program may take to end after SIGTERM, before it is killed',
      type: 'number',
      minimum: 0,
      default: 0.5,
    },
  },
  ['command'],
);

export const KEEP = ['all', 'failed', 'best', 'none'] as const;

/** `task.workDirectory`. */
export const workDirectorySchema: OptionsSchema = options({
  keep: {
    description:
      'which directories are still there afterwards; best: that of the best point of each optimizer',
    enum: KEEP,
    default: 'none',
  },
  copy: list('files and directories that are copied into each; relative to this file', text('a path')),
  link: list('the same, as symbolic links', text('a path')),
});

/** `task.dakota`. */
export const dakotaSchema: OptionsSchema = options({
  format: {
    description: 'of the parameters file',
    enum: ['standard', 'aprepro', 'json'],
    default: 'standard',
  },
  resultsFormat: { description: 'of the results file', enum: ['standard', 'json'], default: 'standard' },
  parametersFile: { ...text('its name'), default: 'params.in' },
  resultsFile: { ...text('its name'), default: 'results.out' },
  fileTag: {
    description: 'do both names end in the number of the evaluation?',
    type: 'boolean',
    default: false,
  },
  objectiveFunctions: {
    ...list(
      'labels of the response functions: the first is the value, others are logged beside it; obj_fn when not given',
      text('a label'),
    ),
    minItems: 1,
  },
  calibrationTerms: {
    ...list('labels of the response functions, if these are residuals', text('a label')),
    minItems: 1,
  },
  nonlinearInequalityConstraints: list(
    'labels of the constraints after them: a point with a value above 0 is not feasible',
    text('a label'),
  ),
  gradients: {
    description: 'does the driver write gradients when the active set vector asks for them?',
    type: 'boolean',
    default: false,
  },
  metadata: list('labels of numbers at the end of the results, which are logged', text('a label')),
});

/** One entry of `task.read`. */
export const readingSchema: OptionsSchema = options({
  json: text('a path in a JSON text: result.loss, terms[0]'),
  pattern: text('a regular expression, of whose last match the first group is read'),
  'last-number': text('a file, whose last number is read'),
  numbers: text('a file, of which all numbers are read'),
  file: text('what json and pattern are looked for in; in what the program prints when not given'),
});
