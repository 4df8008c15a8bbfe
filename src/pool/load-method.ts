import { deserialize } from 'node:v8';
import { CodedError, describe } from '../core/errors.ts';
import { compiled } from './compile.ts';
import type { MethodSpec, OwnerSpec } from './contract.ts';
import { titleOf } from './functions.ts';

type Method = (...args: readonly unknown[]) => unknown;

/** What has methods: a class, or the object that is copied. */
type Holder = Readonly<Record<string, unknown>>;

/**
 * Makes of a method's data a function that calls it, each time on a fresh copy of its object.
 *
 * @param exported what the module of its class exports, if it is of one
 * @throws {CodedError} `function-unusable`
 */
export function loadMethod(spec: MethodSpec, exported: unknown): Method {
  const { owner, isStatic, fields } = spec;
  if (owner.kind === 'module' && !isClass(exported))
    throw unloadable(`${titleOf(spec)}: ${owner.exportName} is ${describe(exported)}, expected a class`);
  const make = makerOf(owner, exported);
  // A class itself is as each call finds it: of a module there is one, and of a text one is made for each call.
  if (isStatic) return callerOf(spec, make);
  const made = make();
  const methods: object =
    owner.kind === 'literal' ? Object.prototype : (made as { prototype: object }).prototype;
  const own = owner.kind === 'literal' ? Object.entries(made as Holder) : [];
  return callerOf(spec, () => {
    const copy = Object.create(methods) as Holder;
    for (const [key, value] of own) define(copy, key, value);
    defineAll(copy, fields);
    return copy;
  });
}

/** Calls a method of what it is given. @throws {CodedError} when that has no such method */
function callerOf(spec: MethodSpec, holder: () => unknown): Method {
  const { name } = spec;
  if (typeof (holder() as Holder)[name] !== 'function') throw unloadable(`${titleOf(spec)} is not there`);
  return function callOnCopy(...args) {
    return (holder() as Readonly<Record<string, Method>>)[name]!(...args);
  };
}

/** Makes a class, or an object that has the methods. */
function makerOf(owner: OwnerSpec, exported: unknown): () => unknown {
  switch (owner.kind) {
    case 'module':
      return () => exported;
    case 'literal': {
      const makers = owner.methods.map(
        ([name, expression]) => [name, compiled({ name, expression }, owner)] as const,
      );
      return () => {
        const made = {};
        for (const [name, make] of makers) define(made, name, make());
        return made;
      };
    }
    case 'class': {
      const makers = owner.classes.map((one) => ({ one, make: compiled(one, owner, one.base) }));
      return () => {
        let made: unknown;
        for (const { one, make } of makers) {
          made = make(made);
          // Those of a class that its own text freezes are as they were.
          if (!Object.isFrozen(made)) defineAll(made as object, one.fields);
        }
        return made;
      };
    }
  }
}

function defineAll(target: object, bytes: Uint8Array): void {
  // Of bytes that nobody else has: typed arrays are views of them.
  for (const [key, value] of deserialize(new Uint8Array(bytes)) as readonly (readonly [string, unknown])[])
    define(target, key, value);
}

/** Not assigned: that may call a setter. */
function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

function isClass(value: unknown): boolean {
  return typeof value === 'function' && typeof value.prototype === 'object' && value.prototype !== null;
}

function unloadable(message: string): CodedError {
  return new CodedError('function-unusable', message);
}
