import { type AnyClass, isCopied } from './fields.ts';
import { where } from './self-contained.ts';
import type { ParsedText, SyntaxNode } from './source.ts';
import { unusable } from './unusable.ts';

/** What every class and every prototype has. */
const OF_ALL_CLASSES: ReadonlySet<string | symbol> = new Set(['length', 'name', 'prototype']);
const OF_ALL_PROTOTYPES: ReadonlySet<string | symbol> = new Set(['constructor']);

/** What the text of a class defines. */
interface Definition {
  /** Nothing of one that is computed, and of a static block. */
  readonly key: string | undefined;
  readonly isStatic: boolean;
  readonly isMethod: boolean;
  readonly text: string;
}

/**
 * Checks that a class is what its text says: that no method was added, and none replaced, after it was written.
 *
 * @throws {CodedError} `function-unusable`, which names the first that differs
 */
export function checkMembers(parsed: ParsedText, one: AnyClass): void {
  const definitions = definitionsOf(parsed);
  const refuse = (name: string, fault: string): never => {
    throw unusable(
      parsed.name,
      `${fault}: ${name} is not what its text says; write it in the class, or export the class from a module and give method(obj, name, { class: fromModule(url, name) })`,
      'class',
    );
  };
  const base: unknown = Object.getPrototypeOf(one);
  const inherited = base === Function.prototype ? Object.prototype : (base as AnyClass).prototype;
  if (Object.getPrototypeOf(one.prototype) !== inherited)
    refuse(`${parsed.name}.prototype`, 'inherits from something else since');
  for (const isStatic of [false, true]) {
    const holder = isStatic ? one : one.prototype;
    const ofAll = isStatic ? OF_ALL_CLASSES : OF_ALL_PROTOTYPES;
    for (const key of Reflect.ownKeys(holder)) {
      if (ofAll.has(key)) continue;
      const name = `${parsed.name}${isStatic ? '' : '.prototype'}.${String(key)}`;
      const property = Object.getOwnPropertyDescriptor(holder, key)!;
      const functions = ['value', 'get', 'set'].flatMap((part) => {
        const f: unknown = property[part as keyof PropertyDescriptor];
        return typeof f === 'function' ? [f] : [];
      });
      const own = definitions.filter((definition) => definition.isStatic === isStatic);
      for (const f of functions)
        if (!own.some((definition) => isOf(definition, f, key))) refuse(name, 'was given a method later');
      // Fields of the class itself are sent, but for those that cannot be: these are what the text makes of them.
      const isSent =
        isStatic && property.enumerable === true && typeof key === 'string' && isCopied(property.value);
      const isMade = isStatic && own.some((definition) => !definition.isMethod && mayMake(definition, key));
      if (functions.length === 0 && !isSent && !isMade) refuse(name, 'was given a value later');
    }
  }
}

/** Whether a class's text names a method or field so. */
export function defines(parsed: ParsedText, name: string, isStatic: boolean): boolean {
  return definitionsOf(parsed).some((one) => one.key === name && one.isStatic === isStatic);
}

/**
 * Refuses `#x`, which nobody but the class itself can read or make. What a static method makes by `new` has them again.
 *
 * @throws {CodedError} `function-unusable`
 */
export function refusePrivate(parsed: ParsedText, isStatic: boolean): void {
  const found = elementsOf(parsed).find((element) => {
    const isPrivate = (element['key'] as SyntaxNode | undefined)?.type === 'PrivateIdentifier';
    return isPrivate && (!isStatic || element['static'] === true);
  });
  if (!found) return;
  const key = found['key'] as SyntaxNode;
  throw unusable(
    parsed.name,
    `has #${key['name'] as string}, which is private and cannot be read to be sent; make it a plain field or method, or export from a module a function that makes the object and calls it, and give fromModule(url, name)\n${where(parsed, key.start)}`,
    'class',
  );
}

/** Whether it is this function that the text defines by that name. */
function isOf({ key, text, isMethod }: Definition, f: unknown, name: string | symbol): boolean {
  if (key !== undefined && key !== name) return false;
  const own = Function.prototype.toString.call(f);
  return isMethod ? text.endsWith(own) : text.includes(own);
}

function mayMake({ key }: Definition, name: string | symbol): boolean {
  return key === undefined || key === name;
}

function definitionsOf(parsed: ParsedText): readonly Definition[] {
  return elementsOf(parsed).map((element) => {
    const { type, start, end, static: isStatic, computed } = element;
    const key = element['key'] as SyntaxNode | undefined;
    return {
      key: key === undefined || computed === true ? undefined : String(key['name'] ?? key['value']),
      isStatic: isStatic === true || type === 'StaticBlock',
      isMethod: type === 'MethodDefinition',
      text: parsed.text.slice(start - parsed.offset, end - parsed.offset),
    };
  });
}

function elementsOf({ node }: ParsedText): readonly SyntaxNode[] {
  return (node['body'] as SyntaxNode)['body'] as readonly SyntaxNode[];
}
