import { compileFunction, constants } from 'node:vm';
import type { PassedValues } from './contract.ts';
import { unpack } from './packed.ts';

export interface Text {
  readonly name: string;
  readonly expression: string;
}

/**
 * Compiles an expression that sees what is passed to it by name, and, by a name of its own, one value more.
 *
 * @returns evaluates it, with that value; passed values, copies but for shared memory, are what all evaluations have in common
 */
export function compiled(
  { name, expression }: Text,
  { helpers, data }: PassedValues,
  more?: string,
): (value?: unknown) => unknown {
  const values = data.filter(([key]) => key !== more);
  const before = [
    '"use strict";',
    ...helpers.flatMap(([key, text]) => (key === more ? [] : `const ${key} = (${text}\n);`.split('\n'))),
    'return (',
  ];
  // The lines of a stack are then those of the text itself.
  const make = compileFunction(
    [...before, expression, ');'].join('\n'),
    [...values.map(([key]) => key), ...(more === undefined ? [] : [more])],
    {
      filename: `glompo-pool:${name}`,
      lineOffset: -before.length,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    },
  ) as (...all: readonly unknown[]) => unknown;
  const passed = values.map(([, value]) => unpack(value));
  return (value) => make(...passed, value);
}
