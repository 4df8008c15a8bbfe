import { options, type OptionsSchema } from '../../core/options.ts';

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
