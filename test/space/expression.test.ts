import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Expression,
  ExpressionError,
  parseComparison,
  parseExpression,
  quoteName,
} from '../../src/space/expression.ts';
import { formulaOf, namesIn } from '../../src/space/formula.ts';

/** `e` is a parameter here, and so no constant. */
const NAMES = ['a', 'b c', 'σ_1', 'e', 'max', 'constructor'];
const places = new Map(NAMES.map((name, i) => [name, i]));

const evaluate = (text: string, ...x: number[]): number =>
  formulaOf(parseExpression(text), places)(Float64Array.from(x));

const tree = fc.letrec<{ node: Expression }>((tie) => {
  const node = tie('node');
  const two = { left: node, right: node };
  return {
    node: fc.oneof(
      { maxDepth: 5, depthSize: 'medium' },
      fc
        .double({ min: 0, noNaN: true, noDefaultInfinity: true })
        .map((value): Expression => ({ kind: 'number', value: value + 0 })),
      fc.constantFrom(...NAMES, 'pi').map((name): Expression => ({ kind: 'name', name, at: 0 })),
      node.map((of): Expression => ({ kind: 'negated', of })),
      fc.record({
        kind: fc.constant('operation' as const),
        operator: fc.constantFrom('+', '-', '*', '/', '^'),
        ...two,
      }),
      fc.record({
        kind: fc.constant('call' as const),
        name: fc.constantFrom('abs', 'sqrt', 'exp', 'log', 'log10', 'sin', 'cos', 'tan'),
        operands: fc.tuple(node),
      }),
      fc.record({
        kind: fc.constant('call' as const),
        name: fc.constant('pow'),
        operands: fc.tuple(node, node),
      }),
      fc.record({
        kind: fc.constant('call' as const),
        name: fc.constantFrom('min', 'max'),
        operands: fc.array(node, { minLength: 1, maxLength: 3 }),
      }),
    ),
  };
}).node;

/** What binds more strongly has the higher level; an expression below `level` gets parentheses. */
function print(expression: Expression, level = 1): string {
  const [own, text] = printed(expression);
  return own < level ? `( ${text})` : text;
}

function printed(expression: Expression): readonly [level: number, text: string] {
  switch (expression.kind) {
    case 'number':
      return [5, String(expression.value)];
    case 'name':
      return [5, quoteName(expression.name)];
    case 'negated':
      return [3, `-${print(expression.of, 3)}`];
    case 'call':
      return [5, `${expression.name}(${expression.operands.map((one) => print(one)).join(', ')})`];
    case 'operation': {
      const { operator, left, right } = expression;
      // To the right of a power stands another power, or a minus.
      if (operator === '^') return [4, `${print(left, 5)}**${print(right, 3)}`];
      const own = operator === '+' || operator === '-' ? 1 : 2;
      return [own, `${print(left, own)} ${operator}${print(right, own + 1)}`];
    }
  }
}

function reference(expression: Expression, x: readonly number[]): number {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'name':
      return expression.name === 'pi' ? Math.PI : x[NAMES.indexOf(expression.name)]!;
    case 'negated':
      return -reference(expression.of, x);
    case 'call':
      return (Math as unknown as Record<string, (...operands: number[]) => number>)[expression.name]!(
        ...expression.operands.map((one) => reference(one, x)),
      );
    case 'operation': {
      const [left, right] = [reference(expression.left, x), reference(expression.right, x)];
      if (expression.operator === '+') return left + right;
      if (expression.operator === '-') return left - right;
      if (expression.operator === '*') return left * right;
      return expression.operator === '/' ? left / right : left ** right;
    }
  }
}

const withoutPlaces = (expression: Expression): unknown =>
  JSON.parse(JSON.stringify(expression, (key, value: unknown) => (key === 'at' ? 0 : value)));

function fault(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    if (error instanceof ExpressionError) return `${error.at}: ${error.message}`;
    throw error;
  }
  return 'none';
}

describe('an expression', () => {
  it('is read back as it was meant, with as few parentheses as may be', () => {
    fc.assert(
      fc.property(tree, (expression) => {
        expect(withoutPlaces(parseExpression(print(expression)))).toEqual(withoutPlaces(expression));
      }),
      { numRuns: 500 },
    );
  });

  it('has the value that its parts give', () => {
    const point = fc.array(fc.double(), { minLength: NAMES.length, maxLength: NAMES.length });
    fc.assert(
      fc.property(tree, point, (expression, x) => {
        expect(formulaOf(expression, places)(Float64Array.from(x))).toBe(reference(expression, x));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['-a^2', -9],
    ['2^-a', 0.125],
    ['2 ^ 3 ^ 2', 512],
    ['a - 1 - 1', 1],
    ['12 / a / 2', 2],
    ['a*-a', -9],
    ['--a', 3],
    ['1.5e1 + .5 + 2.', 17.5],
    ['max(1, a, 2) - min( a )', 0],
    ['e', 7],
    ['`b c`*10', 50],
    ['max', 11],
    ['\n a\t+ 1 ', 4],
  ])('%s', (text, value) => {
    expect(evaluate(text, 3, 5, 0, 7, 11)).toBe(value);
  });

  it('names its parameters and where they stand', () => {
    expect(namesIn(parseExpression('a + sqrt(`b c`)*pi - zz*a'), places)).toMatchObject([
      { name: 'a', at: 0 },
      { name: 'b c', at: 9 },
      { name: 'zz', at: 21 },
      { name: 'a', at: 24 },
    ]);
  });

  it.each([
    ['', '0: expected a number, a name, - or (, got the end'],
    ['a +', '3: expected a number, a name, - or (, got the end'],
    ['a + * b', '4: expected a number, a name, - or (, got *'],
    ['2 a', '2: expected an operator or the end, got a'],
    ['(a', '2: expected an operator or ), got the end'],
    ['a)', '1: expected an operator or the end, got )'],
    ['a.b', '1: expected an operator or the end, got .'],
    ['a[0]', '1: expected an operator or the end, got ['],
    ['`a', '0: expected a number, a name, - or (, got `'],
    ['sqr(a)', '0: there is no function sqr; did you mean sqrt?'],
    ['constructor(a)', /^0: there is no function constructor; known: abs, /],
    ['1 + pow(a)', '4: pow takes 2 values, got 1'],
    ['abs()', '4: expected a number, a name, - or (, got )'],
    ['max(a b)', '6: expected an operator, a comma or ), got b'],
    ['1e999', '0: expected a number below 1.8e308, got 1e999'],
    ['a < b', '2: expected an operator or the end, got <'],
    ['a + 💥', '4: expected a number, a name, - or (, got 💥'],
  ])('%s is refused', (text, message) => {
    const got = fault(() => parseExpression(text));
    if (typeof message === 'string') expect(got).toBe(message);
    else expect(got).toMatch(message);
  });

  it('that is long is no danger to the stack', () => {
    for (const text of ['(', '-', '2^', 'abs('])
      expect(fault(() => parseExpression(text.repeat(900)))).toBe(
        `${100 * text.length}: expected at most 100 levels`,
      );
    const long = `a${'+a'.repeat(2000)}`;
    expect(fault(() => parseExpression(long))).toBe('4000: expected at most 4000 characters, got 4001');
    expect(evaluate(`a${'+a'.repeat(1999)}`, 1)).toBe(2000);
  });

  it('is refused with an error that says where, whatever the text', () => {
    const piece = fc.constantFrom(
      'a',
      'e',
      '1',
      '.5',
      '+',
      '-',
      '*',
      '**',
      '^',
      '(',
      ')',
      ',',
      '<',
      '>=',
      '=',
      '`',
      'sqrt',
      '__proto__',
      ' ',
      '\n',
      '{',
      '$',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(parseExpression, parseComparison), (given, parse) => {
        try {
          parse(given);
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
          const { at } = error as ExpressionError;
          expect(at >= 0 && at <= given.length).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a comparison', () => {
  it.each(['<', '<=', '>', '>='])('compares with %s', (operator) => {
    expect(parseComparison(`a ${operator}b`)).toMatchObject({
      operator,
      left: { name: 'a' },
      right: { name: 'b' },
    });
  });

  it.each([
    ['a', '1: expected <, <=, > or >=, got the end'],
    ['a = b', '2: expected <, <=, > or >=, got =; an equality is a tied parameter, value: "= …"'],
    ['a == b', '2: expected <, <=, > or >=, got =; an equality is a tied parameter, value: "= …"'],
    ['a < b < c', '6: expected one comparison, got another <; write two constraints'],
    ['a < ', '4: expected a number, a name, - or (, got the end'],
    ['(a < b)', '3: expected an operator or ), got <'],
  ])('%s is none', (text, message) => {
    expect(fault(() => parseComparison(text))).toBe(message);
  });
});
