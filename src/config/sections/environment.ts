import { options, type OptionsSchema } from '../../core/options.ts';

/** Names of variables that no shell on the way lets go of. */
export const VARIABLE: RegExp = /^[A-Za-z_]\w*$/;

/** `task.environment`: which environment variables a program gets. */
export const environmentSchema: OptionsSchema = options({
  pass: {
    description:
      'names of those that are passed on, with * for any characters; PATH, HOME and TMPDIR always are; all when not given',
    type: 'array',
    items: { description: 'a name', type: 'string', minLength: 1 },
  },
  set: {
    description: 'what they are set to, by name',
    type: 'object',
    additionalProperties: { description: 'a text, a number, true or false' },
  },
});
