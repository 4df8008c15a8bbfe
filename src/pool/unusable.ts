import { CodedError, describe } from '../core/errors.ts';

/** What is sent as text. */
export type TextKind = 'function' | 'method' | 'class';

/** Of a function that cannot be sent to a worker: `the function "score" is bound: …`. */
export function unusable(name: string, fault: string, what: TextKind | 'object' = 'function'): CodedError {
  return new CodedError('function-unusable', `the ${what} ${describe(name)} ${fault}`);
}

/** @param message what it threw in a worker */
export function initializerFault(message: string): CodedError {
  return new CodedError('function-unusable', `the initializer of the pool failed: ${message}`);
}

/** Whether it is the text of what has none: of the language's own functions, and of bound ones. */
export function isNative(text: string): boolean {
  return /\{\s*\[native code\]\s*\}\s*$/.test(text);
}
