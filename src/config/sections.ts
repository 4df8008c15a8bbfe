import { type OptionSchema, options, type OptionsSchema } from '../core/options.ts';
import type { Benchmark } from '../tasks/benchmarks/contract.ts';
import { LOSSES } from '../tasks/residuals.ts';

/** The largest seed, and the largest integer that a number holds exactly. */
const LARGEST = Number.MAX_SAFE_INTEGER;

/** One entry of `parameters`; which keys go together is checked in parameters.ts. */
export const parameterSchema: OptionsSchema = options(
  {
    name: { description: 'name of the parameter, unique', type: 'string', minLength: 1 },
    min: { description: 'lower bound, in the task’s unit', type: 'number' },
    max: { description: 'upper bound, in the task’s unit', type: 'number' },
    type: { description: 'integer: only whole values', enum: ['real', 'integer'], default: 'real' },
    scale: {
      description: 'log: equal steps are equal factors; needs min > 0',
      enum: ['linear', 'log'],
      default: 'linear',
    },
    initial: { description: 'where the first optimizer starts', type: 'number' },
    value: { description: 'fixes the parameter; instead of bounds', type: 'number' },
  },
  ['name'],
);

/** The same for a parameter that is tied to others; what it may not have is checked in ties.ts. */
export const tiedParameterSchema: OptionsSchema = options(
  {
    ...parameterSchema.properties,
    min: { description: 'a point where the value is less is not evaluated', type: 'number' },
    max: { description: 'a point where the value is greater is not evaluated', type: 'number' },
    value: { description: 'ties the parameter to others: "= -a - 2*b"', type: 'string' },
  },
  ['name', 'value'],
);

/** How one block of residuals counts: `task.residuals.NAME`. */
export const residualRuleSchema: OptionsSchema = options({
  weight: {
    description: 'what the square of each of its residuals is multiplied by',
    type: 'number',
    exclusiveMinimum: 0,
    default: 1,
  },
  loss: {
    description:
      'what a residual costs that is larger than scale: its square, or less, so that outliers weigh less',
    enum: LOSSES,
    default: 'linear',
  },
  scale: {
    description: 'in the unit of the residuals: above it the loss is less than the square',
    type: 'number',
    exclusiveMinimum: 0,
    default: 1,
  },
});

export const moduleTaskSchema: OptionsSchema = options(
  {
    module: {
      description: 'a .ts or .js file that exports the function to be minimized; relative to this file',
      type: 'string',
      minLength: 1,
    },
    export: {
      description:
        'the export to use; when not given default, then evaluate, then the only function there is',
      type: 'string',
      minLength: 1,
    },
  },
  ['module'],
);

/** A benchmark with its options beside its name. */
export function benchmarkTaskSchema({ name, summary, options: own }: Benchmark): OptionsSchema {
  return options({ benchmark: { description: summary, enum: [name] }, ...own.properties }, [
    'benchmark',
    ...(own.required ?? []),
  ]);
}

/** What an optimizer takes besides its own options. */
export const optimizerExtras: Readonly<Record<string, OptionSchema>> = {
  workers: {
    description: 'how many of its evaluations may run at once; so many of maxJobs it takes',
    type: 'integer',
    minimum: 1,
    default: 1,
  },
  evaluate: {
    description: 'where its points are evaluated: in its own thread or process, or in threads of their own',
    enum: ['inline', 'threads', 'processes'],
    default: 'inline',
  },
  maxStarts: {
    description: 'so many of it are started in a run at most; any number when not given',
    type: 'integer',
    minimum: 1,
  },
};

/** `optimizers.spawn`. */
export const spawnSchema: OptionsSchema = options({
  optimizers: {
    description: 'after so many optimizers no more are started',
    type: 'integer',
    minimum: 1,
  },
  evaluations: {
    description: 'after so many evaluations no more optimizers are started',
    type: 'integer',
    minimum: 1,
  },
});

/** `manager`, without `onFailure`. */
export const managerSchema: OptionsSchema = options({
  maxJobs: {
    description: 'how much may run at once; the number of processors when not given',
    type: 'integer',
    minimum: 1,
  },
  backend: {
    description: 'where optimizers run',
    enum: ['inline', 'threads', 'processes', 'processes_forced'],
    default: 'threads',
  },
  huntFrequency: {
    description: 'a hunt happens at every multiple of this many evaluations',
    type: 'integer',
    minimum: 1,
    default: 100,
  },
  huntBest: {
    description: 'may the optimizer that holds the best value be killed?',
    type: 'boolean',
    default: false,
  },
  shareBest: {
    description: 'is the best point injected into the other optimizers, at every hunt?',
    type: 'boolean',
    default: false,
  },
  migration: {
    description:
      "whose best point is shown to whom: the run's to all, each optimizer's to the next one, or to all others",
    enum: ['none', 'broadcast-best', 'ring', 'fully-connected'],
    default: 'none',
  },
  migrationFrequency: {
    description: 'points migrate at every multiple of this many evaluations; of huntFrequency when not given',
    type: 'integer',
    minimum: 1,
  },
  migrationChance: {
    description: 'with what probability a point that may migrate does',
    type: 'number',
    exclusiveMinimum: 0,
    maximum: 1,
    default: 1,
  },
  migrationAccept: {
    description: 'which points an optimizer is shown: those better than its own best, or any',
    enum: ['better', 'any'],
    default: 'better',
  },
  reevaluateBest: {
    description:
      'how often the best point is evaluated again at the end, for a noisy task; part of the budget',
    type: 'integer',
    minimum: 0,
    maximum: 1_000_000,
    default: 0,
  },
  minimaTolerance: {
    description:
      'how near two points are that count as one minimum: a fraction of the diagonal of the box, or a length of the task’s distance',
    type: 'number',
    minimum: 0,
    default: 0.01,
  },
  retries: {
    description: 'how often an evaluation is tried again when its worker dies under it',
    type: 'integer',
    minimum: 0,
    maximum: 100,
    default: 1,
  },
  timeoutSeconds: {
    description: 'how long one evaluation may take; as long as it likes when not given',
    type: 'number',
    exclusiveMinimum: 0,
  },
  containment: {
    description:
      'how the kernel keeps processes from outliving the run: what the machine allows, nothing, a pid namespace or a cgroup',
    enum: ['auto', 'none', 'pid-namespace', 'cgroup'],
    default: 'auto',
  },
  aggressiveKill: {
    description: 'a killed optimizer gives up what it runs, instead of finishing it',
    type: 'boolean',
    default: false,
  },
  forceTerminationsAfterSeconds: {
    description:
      'an optimizer that has evaluations to do and is silent for so long is ended by force; never when not given',
    type: 'number',
    exclusiveMinimum: 0,
  },
  endTimeoutSeconds: {
    description: 'how long running evaluations may go on after the run has ended',
    type: 'number',
    minimum: 0,
    default: 10,
  },
  durability: {
    description:
      'what the log outlives: commit the death of any process, full a power cut too, at the price of a disk flush a batch',
    enum: ['commit', 'full'],
    default: 'commit',
  },
  reproducible: {
    description: 'the same configuration and seed give the same log, whatever it runs on; costs waiting',
    type: 'boolean',
    default: false,
  },
  roundEvaluations: {
    description:
      'in a reproducible run, how many evaluations each optimizer makes in a round; its batch size when not given',
    type: 'integer',
    minimum: 1,
  },
  allowTimed: {
    description: 'may a reproducible run have conditions and timeouts that depend on the time things take?',
    type: 'boolean',
    default: false,
  },
  maxWorkers: {
    description: 'an optimizer gets no more workers than this, whatever number of slots it takes',
    type: 'integer',
    minimum: 1,
  },
  logDir: {
    description:
      'a directory on a local disk where the log is while the run goes on, copied to the run directory again and again; relative to this file',
    type: 'string',
    minLength: 1,
  },
  logCopySeconds: {
    description: 'how often a log in logDir is copied to the run directory',
    type: 'number',
    minimum: 1,
    default: 60,
  },
  minFreeBytes: {
    description:
      'the run pauses while less than this is free where its log is; 0 never; when not given 64 MB, or what the log grows by in a minute',
    type: 'integer',
    minimum: 0,
  },
  seed: {
    description: 'the same seed gives the same run; drawn when not given',
    type: 'integer',
    minimum: 0,
    maximum: LARGEST,
  },
});

/** `checkpoints`. */
export const checkpointsSchema: OptionsSchema = options({
  everySeconds: {
    description: 'a checkpoint is made every so many seconds',
    type: 'number',
    exclusiveMinimum: 0,
  },
  everyEvaluations: {
    description: 'a checkpoint is made every so many evaluations',
    type: 'integer',
    minimum: 1,
  },
  atStart: { description: 'is one made before the first evaluation?', type: 'boolean', default: false },
  atEnd: { description: 'is one made after the last evaluation?', type: 'boolean', default: false },
  keep: {
    description: 'of those made every so often, how many of the latest are kept',
    type: 'integer',
    minimum: 1,
    default: 3,
  },
  name: {
    description: 'what one is called; {n}, {call}, {date}, {time} and {reason} stand for what they say',
    type: 'string',
    minLength: 1,
    default: 'checkpoint-{n}',
  },
});

/** `cache`. */
export const cacheSchema: OptionsSchema = options({
  tolerance: {
    description:
      'how near a known point must be to count as the same, as a part of the range of every parameter; 0: the same value, bit for bit',
    type: 'number',
    minimum: 0,
    maximum: 1,
    default: 0,
  },
  charge: { description: 'does a known point use the budget as others do?', type: 'boolean', default: false },
  maxHitsInARow: {
    description: 'so many known points in a row, without one that has to be evaluated, end an optimizer',
    type: 'integer',
    minimum: 1,
    maximum: 1_000_000,
    default: 100,
  },
});

/** `warmStart`. */
export const warmStartSchema: OptionsSchema = options(
  {
    run: {
      description: 'the directory of another run, whose evaluations are taken over; relative to this file',
      type: 'string',
      minLength: 1,
    },
    inject: {
      description:
        'what optimizers are shown as they start: each another of its separate minima, the best first, each the best of all, or nothing',
      enum: ['minima', 'best', 'none'],
      default: 'minima',
    },
    force: {
      description: 'are its values taken although its task is another one?',
      type: 'boolean',
      default: false,
    },
  },
  ['run'],
);

/** `manager.onFailure` in its long form. */
export const recoverSchema: OptionsSchema = options(
  { recover: { description: 'the value that a failed evaluation is told as', type: 'number' } },
  ['recover'],
);
