import { GlompoError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { FUNCTIONS } from './functions.ts';
import { readToken, type Token } from './token.ts';

/** A formula over parameters, as it was written. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | {
      readonly kind: 'name';
      readonly name: string;
      /** Where it stands in the text, from 0. */
      readonly at: number;
    }
  | { readonly kind: 'negated'; readonly of: Expression }
  | {
      readonly kind: 'operation';
      readonly operator: '+' | '-' | '*' | '/' | '^';
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Expression[] };

export interface Comparison {
  readonly operator: '<' | '<=' | '>' | '>=';
  readonly left: Expression;
  readonly right: Expression;
}

/** A text that is no expression. */
export class ExpressionError extends GlompoError {
  readonly code = 'config-invalid' as const;
  /** Where in the text, from 0. */
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** More than anyone writes by hand; less than what a stack holds. */
const LONGEST = 4000;
const DEEPEST = 100;

/** @throws {ExpressionError} */
export function parseExpression(text: string): Expression {
  const parser = new Parser(text);
  const expression = parser.expression();
  parser.end();
  return expression;
}

/** @throws {ExpressionError} */
export function parseComparison(text: string): Comparison {
  const parser = new Parser(text);
  const left = parser.expression();
  const operator = parser.comparison();
  const right = parser.expression();
  parser.endOfComparison();
  return { operator, left, right };
}

/** A name as an expression has it: in backticks unless it is one word. */
export function quoteName(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : `\`${name}\``;
}

/**
 * By recursive descent, with the precedence of mathematics: -a^2 is -(a^2), a^b^c is a^(b^c).
 *
 *     expression = product { (+ | -) product }
 *     product    = unary { (* | /) unary }
 *     unary      = - unary | primary [ (^ | **) unary ]
 *     primary    = number | name | name ( expression { , expression } ) | ( expression )
 */
class Parser {
  readonly #text: string;
  #token: Token;
  #depth = 0;

  constructor(text: string) {
    if (text.length > LONGEST)
      throw new ExpressionError(`expected at most ${LONGEST} characters, got ${text.length}`, LONGEST);
    this.#text = text;
    this.#token = readToken(text, 0);
  }

  expression(): Expression {
    let left = this.#product();
    for (let operator = this.#takeSign('+', '-'); operator; operator = this.#takeSign('+', '-'))
      left = { kind: 'operation', operator, left, right: this.#product() };
    return left;
  }

  comparison(): Comparison['operator'] {
    const operator = this.#takeSign('<', '<=', '>', '>=');
    if (operator) return operator;
    if (this.#isSign('=', '=='))
      throw this.#error('expected <, <=, > or >=, got =; an equality is a tied parameter, value: "= …"');
    throw this.#expected('<, <=, > or >=');
  }

  end(): void {
    if (this.#token.kind !== 'end') throw this.#expected('an operator or the end');
  }

  endOfComparison(): void {
    if (this.#isSign('<', '<=', '>', '>='))
      throw this.#error(`expected one comparison, got another ${this.#token.text}; write two constraints`);
    this.end();
  }

  #product(): Expression {
    let left = this.#unary();
    for (let operator = this.#takeSign('*', '/'); operator; operator = this.#takeSign('*', '/'))
      left = { kind: 'operation', operator, left, right: this.#unary() };
    return left;
  }

  /** Every way deeper leads through here. */
  #unary(): Expression {
    if (++this.#depth > DEEPEST) throw this.#error(`expected at most ${DEEPEST} levels`);
    const expression: Expression = this.#takeSign('-')
      ? { kind: 'negated', of: this.#unary() }
      : this.#power();
    this.#depth--;
    return expression;
  }

  #power(): Expression {
    const base = this.#primary();
    return this.#takeSign('^', '**')
      ? { kind: 'operation', operator: '^', left: base, right: this.#unary() }
      : base;
  }

  #primary(): Expression {
    const token = this.#token;
    if (token.kind === 'number') {
      const value = Number(token.text);
      if (!Number.isFinite(value)) throw this.#expected('a number below 1.8e308');
      this.#advance();
      return { kind: 'number', value };
    }
    if (token.kind === 'name' || token.kind === 'quoted') {
      this.#advance();
      if (token.kind === 'name' && this.#isSign('(')) return this.#call(token);
      return { kind: 'name', name: token.text, at: token.at };
    }
    if (!this.#takeSign('(')) throw this.#expected('a number, a name, - or (');
    const inner = this.expression();
    if (!this.#takeSign(')')) throw this.#expected('an operator or )');
    return inner;
  }

  #call({ text: name, at }: Token): Expression {
    const known = FUNCTIONS.get(name);
    if (!known) {
      const near = nearest(name, [...FUNCTIONS.keys()]);
      const hint = near ? `did you mean ${near}?` : `known: ${[...FUNCTIONS.keys()].join(', ')}`;
      throw new ExpressionError(`there is no function ${name}; ${hint}`, at);
    }
    this.#advance();
    const operands: Expression[] = [];
    do operands.push(this.expression());
    while (this.#takeSign(','));
    if (!this.#takeSign(')')) throw this.#expected('an operator, a comma or )');
    const { least, most = Infinity } = known;
    if (operands.length < least || operands.length > most)
      throw new ExpressionError(
        `${name} takes ${least} ${least === 1 ? 'value' : 'values'}, got ${operands.length}`,
        at,
      );
    return { kind: 'call', name, operands };
  }

  #advance(): void {
    this.#token = readToken(this.#text, this.#token.end);
  }

  #isSign(...signs: readonly string[]): boolean {
    return this.#token.kind === 'sign' && signs.includes(this.#token.text);
  }

  /** The sign that comes next, if it is one of these. */
  #takeSign<Sign extends string>(...signs: readonly Sign[]): Sign | undefined {
    if (!this.#isSign(...signs)) return undefined;
    const { text } = this.#token;
    this.#advance();
    return text as Sign;
  }

  #expected(what: string): ExpressionError {
    const { kind, text } = this.#token;
    return this.#error(`expected ${what}, got ${kind === 'end' ? 'the end' : text}`);
  }

  #error(message: string): ExpressionError {
    return new ExpressionError(message, this.#token.at);
  }
}
