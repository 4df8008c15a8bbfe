import { type OptionSchema, options, type OptionsSchema } from '../../core/options.ts';

/** What an optimizer takes besides its own options. */
export const optimizerExtras: Readonly<Record<string, OptionSchema>> = {
  workers: {
    description: 'how many of its evaluations may run at once; so many of maxJobs it takes',
    type: 'integer',
    minimum: 1,
    default: 1,
  },
  evaluate: {
    description:
      'where its points are evaluated: in its own thread or process, in threads or processes of their own, or on other machines',
    enum: ['inline', 'threads', 'processes', 'cluster'],
    default: 'inline',
  },
  priority: {
    description:
      'when points wait for slots on other machines, its go before those of optimizers with a lower one; 0 when not given',
    type: 'integer',
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
