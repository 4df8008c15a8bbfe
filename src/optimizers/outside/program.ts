import type { JsonObject } from '../../core/json.ts';
import { options } from '../../core/options.ts';
import type { OutsideOptimizer, OutsideOptions } from './contract.ts';
import { locatedProgram, outsideSchema, passedOn } from './options.ts';

export interface ProgramOptions extends OutsideOptions {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Where it is started. @default the directory of the configuration */
  readonly cwd?: string;
  /** Passed on to it. @default none */
  readonly options?: JsonObject;
}

export const program: OutsideOptimizer<ProgramOptions> = {
  name: 'program',
  summary: 'an optimizer of your own in any language: a program that speaks lines of JSON',
  options: options(
    {
      command: {
        description: 'the program, a name on PATH or a path relative to this file, and its arguments',
        type: 'array',
        items: { description: 'a part of the command', type: 'string' },
        minItems: 1,
      },
      cwd: {
        description: "where it is started, relative to this file; this file's directory when not given",
        type: 'string',
        minLength: 1,
      },
      options: passedOn('passed on to the program, as they are'),
      ...outsideSchema,
    },
    ['command'],
  ),
  fault: ({ command }) => (command[0] === '' ? 'command: expected the name of a program first' : undefined),
  located: ({ command: [name = '', ...args], cwd = '.', ...rest }, resolve) => ({
    ...rest,
    command: [locatedProgram(name, resolve), ...args],
    cwd: resolve(cwd),
  }),
  launch: ({ command, cwd = '.' }) => ({ kind: 'command', argv: command, cwd }),
  told: ({ options: given = {} }) => given,
};
