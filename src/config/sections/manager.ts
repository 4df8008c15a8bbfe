import { options, type OptionsSchema } from '../../core/options.ts';

/** The largest seed, and the largest integer that a number holds exactly. */
const LARGEST = Number.MAX_SAFE_INTEGER;

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
    description:
      'how often an evaluation is tried again when its worker dies under it, or its task says that it may work the next time',
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
    description:
      'how long running evaluations may go on after the run has ended; what does not give up then is ended by force 5 s later, and is no row of the log',
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

/** `manager.onFailure` in its long form. */
export const recoverSchema: OptionsSchema = options(
  { recover: { description: 'the value that a failed evaluation is told as', type: 'number' } },
  ['recover'],
);
