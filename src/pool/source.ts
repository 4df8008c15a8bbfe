import { parse } from 'acorn';
import { clip, messageOf } from '../core/errors.ts';
import { isNative, type TextKind, unusable } from './unusable.ts';

/** A node of a syntax tree (ESTree), as far as all of them are alike. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** A function or a class as text, and as the tree of that text. */
export interface ParsedText {
  readonly what: TextKind;
  /** How it is called in messages. */
  readonly name: string;
  /** As its author wrote it. */
  readonly text: string;
  /** An expression that is it: a method made a property of an object. */
  readonly expression: string;
  readonly node: SyntaxNode;
  /** Where in the parsed text the author's begins: positions of nodes count from there. */
  readonly offset: number;
}

/** What can be done about every function that cannot be sent. */
const INSTEAD = 'export it from a module and give fromModule(url, name)';

/**
 * Reads the text of a function, which is all of it that can be sent to a worker.
 *
 * @param options.isCalled whether it is what a worker calls, not one that this calls
 * @throws {CodedError} `function-unusable` for what has no text, or is not called as a function is
 */
export function parseFunction(
  f: (...args: never) => unknown,
  { isCalled = true }: { readonly isCalled?: boolean } = {},
): ParsedText {
  const name = f.name || 'anonymous';
  const text = Function.prototype.toString.call(f);
  if (isNative(text))
    throw unusable(
      name,
      f.name.startsWith('bound ')
        ? 'is bound: what it is bound to cannot be read; write x => f(x), and pass what it needs by name'
        : 'is native code, which has no text to send; write x => f(x) around it',
    );
  const asExpression = parseExpression(`(${text}\n)`);
  const isMethod = 'fault' in asExpression;
  const tree = isMethod ? parseExpression(`({${text}\n})`) : asExpression;
  if ('fault' in tree)
    throw unusable(
      name,
      `does not parse by itself: ${'fault' in asExpression ? asExpression.fault : ''}; ${INSTEAD}`,
    );
  const { node } = tree;
  const callee = isMethod ? methodOf(node, name) : node;
  if (callee.type === 'ClassExpression') throw unusable(name, 'is a class, which cannot be called');
  if (isCalled && callee['generator'] === true)
    throw unusable(name, 'is a generator: what it returns cannot be sent back; return an array');
  return {
    what: 'function',
    name: clip(name, 60),
    text,
    expression: isMethod ? methodAsFunction(callee, text) : text,
    node: callee,
    offset: isMethod ? 2 : 1,
  };
}

/** The tree of an expression, or why it is none. */
export function parseExpression(code: string): { readonly node: SyntaxNode } | { readonly fault: string } {
  try {
    // As a module: what is sent is strict, as is all that was written in modules and classes.
    const program = parse(code, { ecmaVersion: 'latest', sourceType: 'module' });
    const [statement, ...others] = program.body;
    if (statement?.type !== 'ExpressionStatement' || others.length > 0)
      return { fault: 'it is no expression' };
    return { node: statement.expression as unknown as SyntaxNode };
  } catch (error) {
    return { fault: messageOf(error) };
  }
}

/** The function within `{ f(x) { … } }`. */
function methodOf(object: SyntaxNode, name: string): SyntaxNode {
  const [property, ...others] = (object['properties'] ?? []) as readonly SyntaxNode[];
  if (!property || others.length > 0 || property['method'] !== true)
    throw unusable(name, `is not a function that can be sent; ${INSTEAD}`);
  return property['value'] as SyntaxNode;
}

/** Its parameters and body under a plain name: its own may be computed from what is not there. */
function methodAsFunction({ start, async, generator }: SyntaxNode, text: string): string {
  return `({ ${async === true ? 'async ' : ''}${generator === true ? '*' : ''}method${text.slice(start - 2)}\n}).method`;
}
