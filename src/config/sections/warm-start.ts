import { options, type OptionsSchema } from '../../core/options.ts';

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
