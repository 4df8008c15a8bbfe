import { deserialize, serialize } from 'node:v8';
import { describe } from '../core/errors.ts';
import type { ThrownFacts } from './contract.ts';

/** Of errors whose cause is another one, and so on: more is left out. */
const DEEPEST = 16;

const BUILT_IN: Readonly<Record<string, ErrorConstructor>> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

const STANDARD: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'cause', 'errors']);

/** What was thrown in a worker as data, with its class, its causes and its properties. */
export function thrownFacts(thrown: unknown): ThrownFacts {
  try {
    return factsAt(thrown, 0);
  } catch {
    // Its own properties throw.
    return thrownValue('an error that cannot be read');
  }
}

function factsAt(thrown: unknown, depth: number): ThrownFacts {
  if (!(thrown instanceof Error)) return thrownValue(thrown);
  const { name, message, stack = '', cause } = thrown;
  const errors = thrown instanceof AggregateError ? (thrown.errors as readonly unknown[]) : undefined;
  const isDeep = depth >= DEEPEST;
  return {
    name: text(name),
    className: thrown.constructor.name || 'Error',
    base: baseOf(thrown),
    message: text(message),
    stack: ownFrames(text(stack)),
    properties: Object.entries(thrown).flatMap(([key, value]) => {
      const bytes = STANDARD.has(key) ? undefined : tryToSerialize(value);
      return bytes ? [[key, bytes] as const] : [];
    }),
    cause: cause === undefined || isDeep ? undefined : factsAt(cause, depth + 1),
    errors: isDeep ? undefined : errors?.map((one) => factsAt(one, depth + 1)),
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
  const message = `threw ${describe(thrown)}, which is not an Error`;
  return {
    name: 'Error',
    className: 'Error',
    base: 'Error',
    message,
    stack: `Error: ${message}`,
    properties: [],
    value: tryToSerialize(thrown),
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

function tryToSerialize(value: unknown): Uint8Array | undefined {
  try {
    return serialize(value);
  } catch {
    return undefined;
  }
}
