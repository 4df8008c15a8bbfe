import type { OptionSchema } from '../../core/options.ts';
import type { OutsideOptions } from './contract.ts';

/** What every optimizer in a process of its own takes. */
export const outsideSchema: Readonly<Record<string, OptionSchema>> = {
  patienceSeconds: {
    description: 'how long it may say nothing when it is its turn, before it is taken for hung',
    type: 'number',
    exclusiveMinimum: 0,
    default: 600,
  },
};

/** What an adaptor in Python takes besides. */
export interface PythonOptions extends OutsideOptions {
  readonly python: string;
}

export const pythonSchema: Readonly<Record<string, OptionSchema>> = {
  python: {
    description: 'the Python that has the package: a name on PATH, or a path relative to this file',
    type: 'string',
    minLength: 1,
    default: 'python3',
  },
  ...outsideSchema,
};

/** Options of the library, passed on as they are. */
export function passedOn(description: string): OptionSchema {
  return { description, type: 'object' };
}

/** A path is one if there is a slash in it; anything else is looked for on PATH. */
export function locatedPython<Options extends PythonOptions>(
  options: Options,
  resolve: (path: string) => string,
): Options {
  return { ...options, python: locatedProgram(options.python, resolve) };
}

export function locatedProgram(program: string, resolve: (path: string) => string): string {
  return program.includes('/') ? resolve(program) : program;
}
