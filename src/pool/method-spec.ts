import { serialize } from 'node:v8';
import { CodedError } from '../core/errors.ts';
import type { AnyClass } from './class-members.ts';
import type { MethodFunction, MethodSpec, OwnerSpec } from './contract.ts';
import { type OwnProperties, ownProperties, serializedFields } from './fields.ts';
import { passedValues } from './passed-values.ts';
import { isNative, unusable } from './unusable.ts';

/** What a method is of, told apart by how it is sent. */
type Owner =
  | { readonly kind: 'instance' | 'static'; readonly class: AnyClass }
  | { readonly kind: 'literal' };

/**
 * What is sent to workers for a method. The fields are copied before anything is waited for: what is done to the object after the call of a
 * map has no part in it.
 *
 * @param given what the text of its class uses from around it, by name
 * @throws {CodedError} `function-unusable` for an object of which a worker would not have the same
 */
export async function methodSpec(
  { target, name, class: module, values }: MethodFunction,
  given: Readonly<Record<string, unknown>>,
): Promise<MethodSpec> {
  const owner = ownerOf(target);
  const isStatic = owner.kind === 'static';
  const title = owner.kind === 'literal' ? 'literal' : String(owner.class.name);
  const { values: fields, functions } = isStatic
    ? { values: [], functions: [] }
    : ownProperties(target, title);
  const [first] = functions;
  if (owner.kind === 'instance' && first)
    throw unusable(
      title,
      `has a function in a field, this.${first[0]}; write it as a method of the class`,
      'object',
    );
  const bytes = isStatic ? serialize([]) : serializedFields(fields, title);
  return {
    kind: 'method',
    name,
    isStatic,
    fields: bytes,
    owner: await ownerSpec(owner, functions, { name, module, values: { ...values, ...given } }),
  };
}

function ownerOf(target: object): Owner {
  if (typeof target === 'function') {
    refuseBuiltIn(target);
    return { kind: 'static', class: target as unknown as AnyClass };
  }
  const prototype = Object.getPrototypeOf(target) as object | null;
  if (prototype === Object.prototype) return { kind: 'literal' };
  const made = prototype === null ? undefined : Object.getOwnPropertyDescriptor(prototype, 'constructor');
  const constructor: unknown = made?.value;
  if (typeof constructor !== 'function' || constructor.prototype !== prototype)
    throw unusable(
      '',
      'has a prototype that is of no class; make the object by a class, or write it with its methods in it',
      'object',
    );
  refuseBuiltIn(constructor);
  return { kind: 'instance', class: constructor as unknown as AnyClass };
}

/** Of a class that comes from one of the language's own: what its objects hold is not in fields. */
function refuseBuiltIn(leaf: object): void {
  for (let at: unknown = leaf; at !== Function.prototype && at !== null; at = Object.getPrototypeOf(at)) {
    if (!isNative(Function.prototype.toString.call(at))) continue;
    const { name } = at as AnyClass;
    throw unusable(
      String((leaf as AnyClass).name),
      `extends ${String(name)}, which is built in, and what it holds is not in fields; keep ${String(name)} in a field instead`,
      'class',
    );
  }
}

interface Sent {
  readonly name: string;
  readonly module: MethodFunction['class'];
  readonly values: Readonly<Record<string, unknown>>;
}

async function ownerSpec(
  owner: Owner,
  functions: OwnProperties['functions'],
  { name, module, values }: Sent,
): Promise<OwnerSpec> {
  // The parser is loaded by those alone who send text, or need it to be looked at.
  const { checkCopyable, classTexts } = await import('./class-text.ts');
  if (module) {
    if (owner.kind === 'literal')
      throw new CodedError(
        'usage',
        'method: class is for an instance of a class, and this object is of none',
      );
    if (Object.keys(values).length > 0)
      throw new CodedError(
        'usage',
        'with: a class of a module imports what it needs, and takes no values by name',
      );
    if (owner.kind === 'instance') checkCopyable(owner.class);
    return { kind: 'module', url: module.url, exportName: module.exportName };
  }
  const given = Object.keys(values);
  if (owner.kind === 'literal') {
    const { methodText } = await import('./self-contained.ts');
    const methods = functions.map(([key, f]) => [key, methodText(f, given, name)] as const);
    return { kind: 'literal', methods, ...(await passedValues(values)) };
  }
  const classes = classTexts(owner.class, { name, isStatic: owner.kind === 'static', given });
  return { kind: 'class', classes, ...(await passedValues(values)) };
}
