import { clip } from '../core/errors.ts';
import { checkMembers, defines, refusePrivate } from './class-members.ts';
import type { ClassText } from './contract.ts';
import type { AnyClass } from './fields.ts';
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
 * The texts of a class and its bases, from the first base on.
 *
 * @param chain from the class itself on, each with its fields
 * @throws {CodedError} `function-unusable` for what is not a class as its text alone makes it
 */
export function classTexts(
  chain: readonly (readonly [AnyClass, fields: Uint8Array])[],
  called: Called,
): readonly ClassText[] {
  const all = chain.map(([one, fields], i) => ({ one, fields, parsed: parseClass(one, chain[i - 1]?.[0]) }));
  for (const { parsed } of all) refusePrivate(parsed, called.isStatic);
  const texts = all.map(({ one, fields, parsed }) => ({ ...textOf(one, parsed, called), fields }));
  if (!all.some(({ parsed }) => defines(parsed, called.name, called.isStatic)))
    throw unusable(
      called.name,
      `has a computed name, which may be another in a worker; write the name, or ${INSTEAD}`,
      'method',
    );
  return texts.toReversed();
}

/**
 * Checks that there is nothing private in an object, of which no copy has it, wherever its class comes from.
 *
 * @throws {CodedError} `function-unusable`
 */
export function checkCopyable(chain: readonly AnyClass[]): void {
  for (const one of chain) {
    const parsed = parsedOf(one);
    // What is no class, or in another one, has nothing private that could be seen here.
    if (!('fault' in parsed)) refusePrivate(parsed, false);
  }
}

function parseClass(one: AnyClass, derived: AnyClass | undefined): ParsedText {
  const parsed = parsedOf(one);
  if (!('fault' in parsed)) return parsed;
  throw derived === undefined
    ? unusable(nameOf(one), parsed.fault, 'class')
    : unusable(nameOf(derived), `extends ${nameOf(one)}, which ${parsed.fault}`, 'class');
}

function parsedOf(one: AnyClass): ParsedText | { readonly fault: string } {
  const text = Function.prototype.toString.call(one);
  const tree = parseExpression(`(${text}\n)`);
  if ('fault' in tree) return { fault: `does not parse by itself: ${tree.fault}; ${INSTEAD}` };
  const { node } = tree;
  if (node.type !== 'ClassExpression')
    return { fault: `is a function, not a class; write it as a class, or ${INSTEAD}` };
  const id = node['id'] as SyntaxNode | null;
  const name = (id?.['name'] as string | undefined) ?? nameOf(one);
  return { what: 'class', name: clip(name, 60), text, expression: text, node, offset: 1 };
}

function nameOf({ name }: AnyClass): string {
  return typeof name === 'string' && name !== '' ? name : 'anonymous';
}

function textOf(one: AnyClass, parsed: ParsedText, { given, name }: Called): Omit<ClassText, 'fields'> {
  const base = baseOf(parsed);
  const isNameless = parsed.node['id'] === null;
  checkCaptures(parsed, {
    given,
    known: base === undefined ? [] : [base],
    hasObject: true,
    call: `method(obj, ${JSON.stringify(name)})`,
    otherwise: `or let workers import all of it: ${INSTEAD}`,
    // A class expression is known to itself by the variable that it was given to, which does not travel.
    instead: isNameless ? { [parsed.name]: `give the class the name: class ${parsed.name} { … }` } : {},
  });
  checkMembers(parsed, one);
  return { name: parsed.name, expression: parsed.expression, base };
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
