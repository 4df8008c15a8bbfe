import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  all,
  any,
  type ConditionTree,
  examine,
  explain,
  leaf,
  not,
  type Verdict,
} from '../../src/conditions/condition.ts';

/** A leaf that holds or not, and notes that it was asked. */
function fixed(name: string, holds: boolean, asked: string[] = []): ConditionTree<null> {
  return leaf({
    name,
    examine() {
      asked.push(name);
      return { holds, detail: `it is ${holds}` };
    },
  });
}

type Shape = { leaf: boolean } | { not: Shape } | { kind: 'all' | 'any'; of: Shape[] };

const shapes: fc.Arbitrary<Shape> = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.record({ leaf: fc.boolean() }),
    fc.record({ not: tie('shape') }),
    fc.record({
      kind: fc.constantFrom('all' as const, 'any' as const),
      of: fc.array(tie('shape'), { minLength: 1, maxLength: 4 }),
    }),
  ),
})).shape;

function treeOf(shape: Shape, asked: string[] = []): ConditionTree<null> {
  if ('leaf' in shape) return fixed('leaf', shape.leaf, asked);
  if ('not' in shape) return not(treeOf(shape.not, asked));
  const children = shape.of.map((child) => treeOf(child, asked));
  return shape.kind === 'all' ? all(...children) : any(...children);
}

/** What the tree means, by JavaScript's own operators. */
function meaning(shape: Shape): boolean {
  if ('leaf' in shape) return shape.leaf;
  if ('not' in shape) return !meaning(shape.not);
  return shape.kind === 'all' ? shape.of.every(meaning) : shape.of.some(meaning);
}

/** How many leaves JavaScript's own lazy operators would look at. */
function looked(shape: Shape): number {
  if ('leaf' in shape) return 1;
  if ('not' in shape) return looked(shape.not);
  let count = 0;
  for (const child of shape.of) {
    count += looked(child);
    if (meaning(child) === (shape.kind === 'any')) break;
  }
  return count;
}

function negate(shape: Shape): Shape {
  if ('leaf' in shape) return { leaf: !shape.leaf };
  if ('not' in shape) return shape.not;
  return { kind: shape.kind === 'all' ? 'any' : 'all', of: shape.of.map(negate) };
}

function leavesOf(verdict: Verdict): readonly Extract<Verdict, { kind: 'leaf' }>[] {
  if (verdict.kind === 'leaf') return [verdict];
  if (verdict.kind === 'not') return leavesOf(verdict.child);
  return verdict.children.flatMap(leavesOf);
}

describe('the algebra of conditions', () => {
  it('means what all, any and not mean', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        expect(examine(treeOf(shape), null).holds).toBe(meaning(shape));
      }),
    );
  });

  it('examines no leaf that cannot change the verdict, and says which it did not', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const asked: string[] = [];
        const verdict = examine(treeOf(shape, asked), null);
        expect(asked).toHaveLength(looked(shape));
        expect(leavesOf(verdict).filter(({ holds }) => holds !== null)).toHaveLength(asked.length);
      }),
    );
  });

  it('follows De Morgan', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        expect(examine(not(treeOf(shape)), null).holds).toBe(examine(treeOf(negate(shape)), null).holds);
      }),
    );
  });

  it('explains itself with the value of every condition that was examined', () => {
    const tree = any(
      all(fixed('a', true), fixed('b', false), fixed('c', true)),
      not(fixed('d', false)),
      fixed('e', true),
    );
    expect(explain(examine(tree, null))).toBe(
      'any(all(a(it is true) true, b(it is false) false, c(not examined)) false, not(d(it is false) false) true, e(not examined)) true',
    );
  });
});
