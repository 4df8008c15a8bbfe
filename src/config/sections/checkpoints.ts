import { options, type OptionsSchema } from '../../core/options.ts';

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
