import { clip } from '../core/errors.ts';
import { type AnyClass, checkMembers, defines, refusePrivate, staticFields } from './class-members.ts';
import type { ClassText } from './contract.ts';
import { serializedFields } from './fields.ts';
import { checkCaptures } from './self-contained.ts';
import { type ParsedText, parseExpression, type SyntaxNode } from './source.ts';
import { unusable } from './unusable.ts';

/** The method that is called, and what is passed with it. */
export interface Called {
  readonly name: string;
  readonly isStatic: boolean;
  /** Names that are passed by the caller. */
  readonly given: readonly string[];
}

const INSTEAD =
  "export the class from a module and give method(obj, name, { class: fromModule(url, 'Model') })";

/**
 * A class and its bases as texts, from the first base on.
 *
 * @throws {CodedError} `function-unusable` for what is not a class as its text alone makes it
 */
export function classTexts(leaf: AnyClass, called: Called): readonly ClassText[] {
  const chain = chainOf(leaf, called.isStatic);
  const texts = chain.map(([one, parsed]) => textOf(one, parsed, called));
  if (!chain.some(([, parsed]) => defines(parsed, called.name, called.isStatic)))
    throw unusable(
      called.name,
      `has a computed name, which may be another in a worker; write the name, or ${INSTEAD}`,
      'method',
    );
  return texts.toReversed();
}

/**
 * Checks what no copy of an object has, wherever its class comes from: private fields, and what is behind an object of a built-in class.
 *
 * @throws {CodedError} `function-unusable`
 */
export function checkCopyable(leaf: AnyClass): void {
  chainOf(leaf, false);
}

/** A class, its base, and so on. */
function chainOf(leaf: AnyClass, isStatic: boolean): readonly (readonly [AnyClass, ParsedText])[] {
  const chain: (readonly [AnyClass, ParsedText])[] = [];
  for (let at: unknown = leaf; at !== Function.prototype; at = Object.getPrototypeOf(at)) {
    const one = at as AnyClass;
    const parsed = parseClass(one, chain.at(-1)?.[1].name);
    refusePrivate(parsed, isStatic);
    chain.push([one, parsed]);
  }
  return chain;
}

function parseClass(one: AnyClass, derived: string | undefined): ParsedText {
  const name = typeof one.name === 'string' && one.name !== '' ? one.name : 'anonymous';
  const text = Function.prototype.toString.call(one);
  const refuse = (what: string): never => {
    throw derived === undefined
      ? unusable(name, what, 'class')
      : unusable(derived, `extends ${name}, which ${what}`, 'class');
  };
  const tree = parseExpression(`(${text}\n)`);
  if ('fault' in tree) return refuse(`does not parse by itself: ${tree.fault}; ${INSTEAD}`);
  const { node } = tree;
  if (node.type !== 'ClassExpression') return refuse('is a function, not a class; write it as a class');
  const id = node['id'] as SyntaxNode | null;
  return {
    what: 'class',
    name: clip((id?.['name'] as string | undefined) ?? name, 60),
    text,
    expression: text,
    node,
    offset: 1,
  };
}

function textOf(one: AnyClass, parsed: ParsedText, { given, name }: Called): ClassText {
  const base = baseOf(parsed);
  const isNameless = parsed.node['id'] === null;
  checkCaptures(parsed, {
    given,
    known: base === undefined ? [] : [base],
    hasObject: true,
    call: `method(obj, ${JSON.stringify(name)})`,
    // A class expression is known to itself by the variable that it was given to, which does not travel.
    instead: isNameless ? { [parsed.name]: `give the class the name: class ${parsed.name} { … }` } : {},
  });
  checkMembers(parsed, one);
  return {
    name: parsed.name,
    expression: parsed.expression,
    base,
    fields: serializedFields(staticFields(one), parsed.name),
  };
}

/** By which name the text of a class knows its base. */
function baseOf({ node, name, text, offset }: ParsedText): string | undefined {
  const superClass = node['superClass'] as SyntaxNode | null;
  if (superClass === null) return undefined;
  if (superClass.type === 'Identifier') return superClass['name'] as string;
  const written = text.slice(superClass.start - offset, superClass.end - offset);
  throw unusable(
    name,
    `extends ${clip(written, 40)}, which is no plain name: extend a class by its name, or ${INSTEAD}`,
    'class',
  );
}
