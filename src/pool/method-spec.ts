import { serialize } from 'node:v8';
import { CodedError } from '../core/errors.ts';
import type { AnyFunction, MethodFunction, MethodSpec, ModuleFunction, OwnerSpec } from './contract.ts';
import { type AnyClass, chainOf, ownProperties, serializedFields, staticFields } from './fields.ts';
import { passedValues } from './passed-values.ts';
import { isNative, unusable } from './unusable.ts';

type Values = Readonly<Record<string, unknown>>;

/**
 * What is sent to workers for a method. All fields are copied before anything is waited for: what is done to the object after the call of a
 * map has no part in it.
 *
 * @param given what the text of its class uses from around it, by name
 * @throws {CodedError} `function-unusable` for an object of which a worker would not have the same
 */
export async function methodSpec(f: MethodFunction, given: Values): Promise<MethodSpec> {
  const { target, name } = f;
  const values = { ...f.values, ...given };
  if (typeof target === 'function') {
    const chain = chainOf(target);
    const owner = f.class ? importedOwner(f.class, values) : await classOwner(chain, name, values, true);
    return { kind: 'method', name, isStatic: true, fields: serialize([]), owner };
  }
  const one = classOf(target);
  if (!one) {
    if (f.class)
      throw new CodedError(
        'usage',
        'method: class is for an instance of a class, and this object is of none',
      );
    const { fields, functions } = ownProperties(target, 'anonymous');
    const bytes = serializedFields(fields, 'anonymous');
    const owner = await literalOwner(functions, name, values);
    return { kind: 'method', name, isStatic: false, fields: bytes, owner };
  }
  const chain = chainOf(one);
  refuseBuiltIn(chain);
  const fields = instanceFields(target, String(one.name));
  const owner = f.class
    ? await checkedOwner(f.class, values, chain)
    : await classOwner(chain, name, values, false);
  return { kind: 'method', name, isStatic: false, fields, owner };
}

/** The class of an object; none of one that was written as a literal. */
function classOf(target: object): AnyClass | undefined {
  const prototype = Object.getPrototypeOf(target) as object | null;
  if (prototype === Object.prototype) return undefined;
  const made = prototype === null ? undefined : Object.getOwnPropertyDescriptor(prototype, 'constructor');
  const constructor: unknown = made?.value;
  if (typeof constructor !== 'function' || constructor.prototype !== prototype)
    throw unusable(
      'anonymous',
      'has a prototype that is of no class; make the object by a class, or write it with its methods in it',
      'object',
    );
  return constructor;
}

/** Of a class that comes from one of the language's own: what its objects hold is not in fields. */
function refuseBuiltIn(chain: readonly AnyClass[]): void {
  const base = chain.find((one) => isNative(Function.prototype.toString.call(one)));
  if (!base) return;
  const name = String(base.name);
  throw unusable(
    String(chain[0]!.name),
    `extends ${name}, which is built in, and what it holds is not in fields; keep ${name} in a field instead`,
    'class',
  );
}

function instanceFields(target: object, title: string): Uint8Array {
  const { fields, functions } = ownProperties(target, title);
  const [first] = functions;
  if (first)
    throw unusable(
      title,
      `has a function in a field, this.${first[0]}; write it as a method of the class`,
      'object',
    );
  return serializedFields(fields, title);
}

function importedOwner({ url, exportName }: ModuleFunction, values: Values): OwnerSpec {
  if (Object.keys(values).length > 0)
    throw new CodedError(
      'usage',
      'with: a class of a module imports what it needs, and takes no values by name',
    );
  return { kind: 'module', url, exportName };
}

async function checkedOwner(
  module: ModuleFunction,
  values: Values,
  chain: readonly AnyClass[],
): Promise<OwnerSpec> {
  const owner = importedOwner(module, values);
  const { checkCopyable } = await import('./class-text.ts');
  checkCopyable(chain);
  return owner;
}

async function classOwner(
  chain: readonly AnyClass[],
  name: string,
  values: Values,
  isStatic: boolean,
): Promise<OwnerSpec> {
  refuseBuiltIn(chain);
  const all = chain.map((one) => [one, staticFields(one)] as const);
  const passed = await passedValues(values);
  // The parser is loaded by those alone who send text, or need it to be looked at.
  const { classTexts } = await import('./class-text.ts');
  const classes = classTexts(all, { name, isStatic, given: Object.keys(values) });
  return { kind: 'class', classes, ...passed };
}

async function literalOwner(
  functions: readonly (readonly [string, AnyFunction])[],
  name: string,
  values: Values,
): Promise<OwnerSpec> {
  const passed = await passedValues(values);
  const { methodText } = await import('./self-contained.ts');
  const given = Object.keys(values);
  const methods = functions.map(([key, f]) => [key, methodText(f, given, name)] as const);
  return { kind: 'literal', methods, ...passed };
}
