import { deserialize, serialize } from 'node:v8';
import { describe } from '../core/errors.ts';
import type { ThrownFacts } from './contract.ts';

/** Of errors whose cause is another one, and so on: more is left out. */
const DEEPEST = 16;
/** Of errors that are made of others, as `AggregateError` is: more in all are left out. */
const MOST = 1000;

const BUILT_IN: Readonly<Record<string, ErrorConstructor>> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

const STANDARD: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'cause']);

/** What was thrown in a worker as data, with its class, its causes and its properties. */
export function thrownFacts(thrown: unknown): ThrownFacts {
  try {
    return factsAt(thrown, 0, { left: MOST });
  } catch {
    // What it says of itself throws.
    return bareFacts('an error that cannot be read');
  }
}

function factsAt(thrown: unknown, depth: number, budget: { left: number }): ThrownFacts {
  budget.left--;
  if (!(thrown instanceof Error)) return thrownValue(thrown);
  const { name, message, stack = '', cause } = thrown;
  const isAggregate = thrown instanceof AggregateError;
  const errors = isAggregate ? (thrown.errors as readonly unknown[]) : undefined;
  const hasRoom = (): boolean => depth < DEEPEST && budget.left > 0;
  return {
    name: text(name),
    className: thrown.constructor.name || 'Error',
    base: baseOf(thrown),
    message: text(message),
    stack: ownFrames(text(stack)),
    properties: Object.keys(thrown).flatMap((key) => {
      const isTold = STANDARD.has(key) || (isAggregate && key === 'errors');
      const bytes = isTold ? undefined : tryToSerialize(() => Reflect.get(thrown, key) as unknown);
      return bytes ? [[key, bytes] as const] : [];
    }),
    cause: cause !== undefined && hasRoom() ? factsAt(cause, depth + 1, budget) : undefined,
    errors: errors?.flatMap((one) => (hasRoom() ? [factsAt(one, depth + 1, budget)] : [])),
  };
}

/** What should be text, and may be anything. */
function text(value: unknown): string {
  return String(value);
}

/** A stack down to the function that was called: who calls it there is of no interest. */
function ownFrames(stack: string): string {
  return stack.split(/\n\s+at (?:async )?(?:callOnCopy|Calls\.call) /, 1)[0]!;
}

function thrownValue(thrown: unknown): ThrownFacts {
  return {
    ...bareFacts(`threw ${describe(thrown)}, which is not an Error`),
    value: tryToSerialize(() => thrown),
  };
}

/** Of an error of which nothing else is known. */
function bareFacts(message: string): ThrownFacts {
  return {
    name: 'Error',
    className: 'Error',
    base: 'Error',
    message,
    stack: `Error: ${message}`,
    properties: [],
  };
}

/**
 * The error that a worker's code threw, for its caller: the same class name, message, properties and causes, and a stack that goes on where
 * the pool was called. Of a class that is not the language's own there is one of the same name, since the class itself is in the worker.
 *
 * @param callerStack the lines of a stack, without its first
 */
export function revived(facts: ThrownFacts, callerStack?: string): unknown {
  const { value } = facts;
  if (value) return deserialize(value);
  const error = new (classOf(facts))(facts.message);
  const hidden = (key: string, content: unknown): void => {
    Object.defineProperty(error, key, {
      value: content,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  };
  if (error.name !== facts.name) hidden('name', facts.name);
  for (const [key, bytes] of facts.properties)
    Object.defineProperty(error, key, {
      value: deserialize(bytes) as unknown,
      writable: true,
      configurable: true,
      enumerable: true,
    });
  if (facts.cause) hidden('cause', revived(facts.cause));
  if (facts.errors)
    hidden(
      'errors',
      facts.errors.map((one) => revived(one)),
    );
  hidden('stack', callerStack === undefined ? facts.stack : withCaller(facts.stack, callerStack));
  return error;
}

/** The worker's part of a stack, then the caller's. */
export function withCaller(stack: string, callerStack: string): string {
  return `${stack}\n    --- in a worker, called from ---\n${callerStack}`;
}

function baseOf(error: Error): string {
  for (let at: unknown = Object.getPrototypeOf(error); at instanceof Object; at = Object.getPrototypeOf(at)) {
    const { name } = at.constructor;
    if (Object.hasOwn(BUILT_IN, name)) return name;
  }
  return 'Error';
}

function classOf({ className, base }: ThrownFacts): ErrorConstructor {
  const Base = Object.hasOwn(BUILT_IN, base) ? BUILT_IN[base]! : Error;
  if (className === base) return Base;
  if (className === 'AggregateError') return aggregate;
  const made = class extends Base {};
  Object.defineProperty(made, 'name', { value: className });
  return made as unknown as ErrorConstructor;
}

/** Takes its message first, as the others do. */
const aggregate = function aggregate(message: string): Error {
  return new AggregateError([], message);
} as unknown as ErrorConstructor;

/** @param read may throw, as an accessor may */
function tryToSerialize(read: () => unknown): Uint8Array | undefined {
  try {
    return serialize(read());
  } catch {
    return undefined;
  }
}
