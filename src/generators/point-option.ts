import type { OptionSchema } from '../core/options.ts';

/** The schema of a point in task units, by parameter name. */
export function pointOption(description: string): OptionSchema {
  return {
    description,
    type: 'object',
    additionalProperties: { description: 'a value in task units', type: 'number' },
  };
}
