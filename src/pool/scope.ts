import type { SyntaxNode } from './source.ts';

/** Where names are known. */
export class Scope {
  readonly #outer: Scope | undefined;
  readonly #names: ReadonlySet<string>;
  /** Whether `this` is that of a function within, not of where the outermost was written. */
  readonly hasThis: boolean;

  constructor(outer: Scope | undefined, names: Iterable<string>, hasThis: boolean = outer?.hasThis ?? false) {
    this.#outer = outer;
    this.#names = new Set(names);
    this.hasThis = hasThis;
  }

  has(name: string): boolean {
    return this.#names.has(name) || (this.#outer?.has(name) ?? false);
  }
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The names that a pattern declares: `{ a, b: [c = 1, ...d] }` declares a, c, d. */
export function namesOf(pattern: unknown): readonly string[] {
  if (!isNode(pattern)) return [];
  switch (pattern.type) {
    case 'Identifier':
      return [pattern['name'] as string];
    case 'AssignmentPattern':
      return namesOf(pattern['left']);
    case 'RestElement':
      return namesOf(pattern['argument']);
    case 'Property':
      return namesOf(pattern['value']);
    case 'ArrayPattern':
      return (pattern['elements'] as readonly unknown[]).flatMap(namesOf);
    case 'ObjectPattern':
      return (pattern['properties'] as readonly unknown[]).flatMap(namesOf);
    default:
      return [];
  }
}

/** What the statements of a block declare for that block. */
export function lexicalNames(statements: readonly unknown[]): readonly string[] {
  return statements.filter(isNode).flatMap((statement) => {
    switch (statement.type) {
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        return namesOf(statement['id']);
      case 'LabeledStatement':
        return lexicalNames([statement['body']]);
      case 'VariableDeclaration':
        return statement['kind'] === 'var' ? [] : declared(statement);
      default:
        return [];
    }
  });
}

/** What is declared by `var` in a statement, however deep, for the function that it is in. */
export function varNames(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(varNames);
  if (!isNode(node) || /Function|^Class|^StaticBlock$/.test(node.type)) return [];
  if (node.type === 'VariableDeclaration') return node['kind'] === 'var' ? declared(node) : [];
  // Expressions declare nothing.
  return node.type.endsWith('Expression') ? [] : Object.values(node).flatMap(varNames);
}

function declared(declaration: SyntaxNode): readonly string[] {
  return (declaration['declarations'] as readonly SyntaxNode[]).flatMap(({ id }) => namesOf(id));
}
