import { Scope, isNode, lexicalNames, namesOf, varNames } from './scope.ts';
import type { SyntaxNode } from './source.ts';

/** A name that a function uses and does not declare. */
export interface Reference {
  readonly name: string;
  readonly at: number;
  /** Whether it is assigned to. */
  readonly isWritten: boolean;
}

/** What a function takes from where it was written, in the order of its text. */
export interface Captures {
  readonly names: readonly Reference[];
  /** `this`, `super` and `import.meta` of the place that it was written in. */
  readonly surroundings: readonly { readonly what: string; readonly at: number }[];
}

/**
 * What a function or a class uses that is not its own: by the rules of scopes of ECMAScript, in strict code.
 *
 * @param hasObject whether it is sent with the object that it is a method of, and so may use `this` and `super`
 */
export function capturesOf(node: SyntaxNode, hasObject = false): Captures {
  const finder = new Finder(hasObject);
  finder.visit(node, new Scope(undefined, [], false));
  return finder;
}

type Visit = (node: SyntaxNode, scope: Scope) => void;

class Finder implements Captures {
  readonly names: Reference[] = [];
  readonly surroundings: { readonly what: string; readonly at: number }[] = [];
  /** Whether functions have a `this` that is known: the outermost has that of where it was written. */
  #isInside: boolean;

  /** Nodes that open a scope, or of which not all parts are uses of names; all others are their children. */
  readonly #special: Readonly<Record<string, Visit>> = {
    Identifier: (node, scope) => {
      this.#use(node, scope, false);
    },
    ThisExpression: (node, scope) => {
      if (!scope.hasThis) this.surroundings.push({ what: 'this', at: node.start });
    },
    Super: (node, scope) => {
      if (!scope.hasThis) this.surroundings.push({ what: 'super', at: node.start });
    },
    MetaProperty: ({ meta, start }) => {
      if ((meta as SyntaxNode)['name'] === 'import')
        this.surroundings.push({ what: 'import.meta', at: start });
    },
    FunctionDeclaration: (node, scope) => {
      this.#function(node, scope);
    },
    FunctionExpression: (node, scope) => {
      this.#function(node, scope);
    },
    ArrowFunctionExpression: (node, scope) => {
      this.#function(node, scope);
    },
    ClassDeclaration: (node, scope) => {
      this.#class(node, scope);
    },
    ClassExpression: (node, scope) => {
      this.#class(node, scope);
    },
    MemberExpression: (node, scope) => {
      this.visit(node['object'], scope);
      if (node['computed'] === true) this.visit(node['property'], scope);
    },
    Property: (node, scope) => {
      this.#keyed(node, scope, scope);
    },
    MethodDefinition: (node, scope) => {
      this.#keyed(node, scope, scope);
    },
    PropertyDefinition: (node, scope) => {
      this.#keyed(node, scope, new Scope(scope, [], true));
    },
    StaticBlock: (node, scope) => {
      const body = node['body'] as readonly SyntaxNode[];
      this.#all(body, new Scope(scope, [...body.flatMap(varNames), ...lexicalNames(body)], true));
    },
    BlockStatement: (node, scope) => {
      const body = node['body'] as readonly SyntaxNode[];
      this.#all(body, new Scope(scope, lexicalNames(body)));
    },
    ForStatement: (node, scope) => {
      this.#children(node, new Scope(scope, lexicalNames([node['init']])));
    },
    ForInStatement: (node, scope) => {
      this.#forEach(node, scope);
    },
    ForOfStatement: (node, scope) => {
      this.#forEach(node, scope);
    },
    SwitchStatement: (node, scope) => {
      this.visit(node['discriminant'], scope);
      const cases = node['cases'] as readonly SyntaxNode[];
      const body = cases.flatMap(({ consequent }) => consequent as readonly SyntaxNode[]);
      this.#all(cases, new Scope(scope, lexicalNames(body)));
    },
    CatchClause: (node, scope) => {
      const inner = new Scope(scope, namesOf(node['param']));
      this.visit(node['param'], inner);
      this.visit(node['body'], inner);
    },
    LabeledStatement: (node, scope) => {
      this.visit(node['body'], scope);
    },
    BreakStatement: () => {},
    ContinueStatement: () => {},
    AssignmentExpression: (node, scope) => {
      this.#assign(node['left'], scope);
      this.visit(node['left'], scope);
      this.visit(node['right'], scope);
    },
    UnaryExpression: (node, scope) => {
      // Of a name alone it tells, also where there is none: whether to pass it is the author's to say.
      const isAsked = node['operator'] === 'typeof' && (node['argument'] as SyntaxNode).type === 'Identifier';
      if (!isAsked) this.visit(node['argument'], scope);
    },
    UpdateExpression: (node, scope) => {
      this.#assign(node['argument'], scope);
      this.visit(node['argument'], scope);
    },
  };

  constructor(isInside: boolean) {
    this.#isInside = isInside;
  }

  visit(node: unknown, scope: Scope): void {
    if (!isNode(node)) return;
    const visit = this.#special[node.type];
    if (visit) visit(node, scope);
    else this.#children(node, scope);
  }

  #all(nodes: readonly unknown[], scope: Scope): void {
    for (const node of nodes) this.visit(node, scope);
  }

  #children(node: SyntaxNode, scope: Scope): void {
    for (const child of Object.values(node)) {
      if (Array.isArray(child)) this.#all(child, scope);
      else this.visit(child, scope);
    }
  }

  #use({ name, start }: SyntaxNode, scope: Scope, isWritten: boolean): void {
    if (!scope.has(name as string)) this.names.push({ name: name as string, at: start, isWritten });
  }

  /** Tells of names that are given another value; that they are used is told by the visit that follows. */
  #assign(target: unknown, scope: Scope): void {
    if (!isNode(target)) return;
    if (target.type === 'Identifier') this.#use(target, scope, true);
    else if (target.type === 'AssignmentPattern') this.#assign(target['left'], scope);
    else if (target.type === 'RestElement') this.#assign(target['argument'], scope);
    else if (target.type === 'Property') this.#assign(target['value'], scope);
    else for (const part of partsOf(target)) this.#assign(part, scope);
  }

  #function(node: SyntaxNode, outer: Scope): void {
    const isArrow = node.type === 'ArrowFunctionExpression';
    // What is outermost has the `this` that it was written with, which does not travel.
    const hasThis = this.#isInside && !isArrow ? true : undefined;
    this.#isInside = true;
    const named = node.type === 'FunctionExpression' ? new Scope(outer, namesOf(node['id'])) : outer;
    const params = node['params'] as readonly SyntaxNode[];
    const own = [...params.flatMap(namesOf), ...(isArrow ? [] : ['arguments'])];
    const scope = new Scope(named, own, hasThis);
    this.#all(params, scope);
    const body = node['body'] as SyntaxNode;
    if (body.type !== 'BlockStatement') {
      this.visit(body, scope);
      return;
    }
    const statements = body['body'] as readonly SyntaxNode[];
    // A scope of its own: defaults of parameters do not see what the body declares.
    this.#all(statements, new Scope(scope, [...statements.flatMap(varNames), ...lexicalNames(statements)]));
  }

  #class(node: SyntaxNode, outer: Scope): void {
    const scope = new Scope(outer, namesOf(node['id']));
    this.visit(node['superClass'], scope);
    // Its methods have the `this` of its objects.
    this.#isInside = true;
    this.visit(node['body'], scope);
  }

  #keyed(node: SyntaxNode, scope: Scope, valueScope: Scope): void {
    if (node['computed'] === true) this.visit(node['key'], scope);
    this.visit(node['value'], valueScope);
  }

  #forEach(node: SyntaxNode, scope: Scope): void {
    const left = node['left'] as SyntaxNode;
    const inner = new Scope(scope, lexicalNames([left]));
    if (left.type !== 'VariableDeclaration') this.#assign(left, scope);
    this.#children(node, inner);
  }
}

/** The parts of a pattern; of anything else, as `a.b`, none. */
function partsOf(target: SyntaxNode): readonly unknown[] {
  if (target.type === 'ArrayPattern') return target['elements'] as readonly unknown[];
  return target.type === 'ObjectPattern' ? (target['properties'] as readonly unknown[]) : [];
}
