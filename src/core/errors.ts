/** Every way in which glompo fails on purpose. A class is lost across a thread or process; the code is not. */
export type GlompoErrorCode =
  | 'config-invalid'
  | 'task-load-failed'
  | 'task-failed'
  | 'task-differs'
  | 'component-unknown'
  | 'component-taken'
  | 'component-failed'
  | 'plugin-invalid'
  | 'tell-mismatch'
  | 'snapshot-invalid'
  | 'replay-mismatch'
  | 'protocol-mismatch'
  | 'protocol-violation'
  | 'host-crashed'
  | 'optimizer-stuck'
  | 'program-failed'
  | 'residuals-missing'
  | 'log-exists'
  | 'log-unusable'
  | 'log-not-written'
  | 'run-directory'
  | 'spawn-failing'
  | 'process-exit-refused'
  | 'function-unusable'
  | 'call-lost'
  | 'call-timed-out'
  | 'engine-unusable'
  | 'usage'
  | 'internal';

/** The root of all errors that glompo throws itself. */
export abstract class GlompoError extends Error {
  abstract readonly code: GlompoErrorCode;
  /** True when the same call could work next time (a lost worker); false for a caller's mistake. */
  readonly retryable: boolean = false;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** An error told by its code alone, for callers that do not react to it in a way of their own. */
export class CodedError extends GlompoError {
  readonly code: GlompoErrorCode;

  constructor(code: GlompoErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** An error as plain data, to be sent to another thread or process. */
export interface ErrorFacts {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
}

/** What was thrown as one line; a thrown non-error is shown as it is. */
export function messageOf(thrown: unknown): string {
  return factsOf(thrown).message;
}

/** What was thrown, and what was thrown while that was cleaned up, as one error with the code of the first; anything else as it is. */
export function joined(thrown: unknown): unknown {
  const first = firstOf(thrown);
  if (first === thrown) return thrown;
  const code = first instanceof GlompoError ? first.code : 'internal';
  return new CodedError(code, messageOf(thrown), { cause: first });
}

/** What was thrown before anything that was thrown while that was cleaned up. */
export function firstOf(thrown: unknown): unknown {
  return isSuppressed(thrown) ? firstOf(thrown.suppressed) : thrown;
}

/** What was thrown as data; a non-error thrown by a user's code is described, not lost. */
export function factsOf(thrown: unknown): ErrorFacts {
  if (isSuppressed(thrown)) {
    // Its own message says nothing.
    const first = factsOf(thrown.suppressed);
    return { ...first, message: `${first.message}; and after that: ${messageOf(thrown.error)}` };
  }
  if (thrown instanceof Error || isErrorLike(thrown)) {
    const code = 'code' in thrown && typeof thrown.code === 'string' ? { code: thrown.code } : {};
    const stack = thrown.stack === undefined ? {} : { stack: thrown.stack };
    return { name: thrown.name, message: thrown.message || thrown.name, ...code, ...stack };
  }
  return { name: 'Thrown', message: `threw ${describe(thrown)}, which is not an Error` };
}

/** By its looks: before Node.js 24 there is no such class, and `using`, as it is compiled, makes one up. */
function isSuppressed(thrown: unknown): thrown is SuppressedError {
  return thrown instanceof Error && thrown.name === 'SuppressedError' && 'suppressed' in thrown;
}

/** An error of another realm (a worker, a vm) fails `instanceof` here. */
function isErrorLike(value: unknown): value is Error {
  return (
    typeof value === 'object' &&
    value !== null &&
    'message' in value &&
    typeof value.message === 'string' &&
    'name' in value &&
    typeof value.name === 'string'
  );
}

/** A short rendering of any value for a message: `"text"`, `1.5`, `5n`, `an object`. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(clip(value, 60));
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  // Told from the number, which would often do.
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'function') return value.name ? `the function ${value.name}` : 'a function';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** `text` in at most `length` characters, an ellipsis where it was cut. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
