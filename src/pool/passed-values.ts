import { Script } from 'node:vm';
import { CodedError, describe, messageOf } from '../core/errors.ts';
import type { AnyFunction, FunctionSpec, PassedValues } from './contract.ts';
import { pack, type Packed, sharedMemoryFault } from './packed.ts';
import { unusable } from './unusable.ts';

/**
 * What is passed by name to a text: functions as text, of all else a copy, taken before anything is waited for; shared memory stays shared.
 *
 * @throws {CodedError} `function-unusable`, or `usage` for a value that cannot be sent
 */
export async function passedValues(values: Readonly<Record<string, unknown>>): Promise<PassedValues> {
  const names = Object.keys(values);
  for (const name of names) checkName(name);
  const functions = Object.entries(values).filter(isFunction);
  const data = Object.entries(values)
    .filter((entry) => !isFunction(entry))
    .map(([key, value]) => [key, packed(key, value)] as const);
  if (functions.length === 0) return { helpers: [], data };
  // The parser is loaded by those alone who send a function as text.
  const { selfContained } = await import('./self-contained.ts');
  const helpers = functions.map(([key, f]) => {
    if (Function.prototype.toString.call(f).startsWith('class'))
      throw unusable(
        key,
        'cannot be passed by name; export what uses it from a module and give fromModule(url, name), or of a method { class: fromModule(url, name) }',
        'class',
      );
    return [key, selfContained(f, names).expression] as const;
  });
  return { helpers, data };
}

/** A text can only use what has a name: and of any other one the compiler of Node.js dies, with the whole program. */
function checkName(name: string): void {
  if (!isName(name))
    throw new CodedError(
      'usage',
      `with: ${describe(name)} is no name that a function could use; write it as in with: { scale }`,
    );
}

function isName(text: string): boolean {
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(text)) return false;
  try {
    // Not run: whether it may be declared, as reserved words may not.
    return new Script(`'use strict'; const ${text} = 0;`) instanceof Script;
  } catch {
    return false;
  }
}

function isFunction(entry: [string, unknown]): entry is [string, AnyFunction] {
  return typeof entry[1] === 'function';
}

/** @throws {CodedError} `usage` when a function uses shared memory, and who calls it cannot have any */
export function refuseSharedMemory(spec: FunctionSpec): void {
  const shared = dataOf(spec).find(([, { buffers }]) => buffers.length > 0);
  if (shared) throw new CodedError('usage', `with.${shared[0]}: ${sharedMemoryFault().message}`);
}

/** What is passed by name to a function's text. */
export function dataOf(spec: FunctionSpec): PassedValues['data'] {
  if (spec.kind === 'source') return spec.data;
  return spec.kind === 'method' && spec.owner.kind !== 'module' ? spec.owner.data : [];
}

function packed(name: string, value: unknown): Packed {
  try {
    return pack(value, { canShare: true, isMoved: false });
  } catch (error) {
    throw new CodedError('usage', `with.${name}: cannot be sent to a worker: ${messageOf(error)}`);
  }
}
