import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Turns } from '../../../src/backends/cluster/turns.ts';

interface Item {
  readonly owner: Owner;
  readonly priority: number;
}

type Owner = { readonly name: string };

const OWNERS: readonly Owner[] = ['a', 'b', 'c'].map((name) => ({ name }));
const PRIORITIES = [-1, 0, 7];

const items = fc.record({
  owner: fc.constantFrom(...OWNERS),
  priority: fc.constantFrom(...PRIORITIES),
});

function all(turns: Turns<Item>): Item[] {
  const taken: Item[] = [];
  for (let item = turns.take(); item; item = turns.take()) taken.push(item);
  return taken;
}

function filled(given: readonly Item[]): Turns<Item> {
  const turns = new Turns<Item>();
  for (const item of given) turns.add(item.owner, item.priority, item);
  return turns;
}

describe('turns', () => {
  it('give every item once, those of higher priority first, and of each owner in order', () => {
    fc.assert(
      fc.property(fc.array(items, { maxLength: 40 }), (given) => {
        const taken = all(filled(given));
        expect(new Set(taken)).toEqual(new Set(given));
        expect(taken).toHaveLength(given.length);
        expect(taken.map(({ priority }) => priority)).toEqual(
          given.map(({ priority }) => priority).toSorted((a, b) => b - a),
        );
        for (const owner of OWNERS)
          for (const priority of PRIORITIES) {
            const isOne = (item: Item): boolean => item.owner === owner && item.priority === priority;
            expect(taken.filter(isOne)).toEqual(given.filter(isOne));
          }
      }),
    );
  });

  it('are even among owners of one priority: none has two more before another that waits has one', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...OWNERS), { maxLength: 40 }), (owners) => {
        const given = owners.map((owner) => ({ owner, priority: 0 }));
        const left = new Map(OWNERS.map((owner) => [owner, owners.filter((o) => o === owner).length]));
        const had = new Map(OWNERS.map((owner) => [owner, 0]));
        for (const { owner } of all(filled(given))) {
          had.set(owner, had.get(owner)! + 1);
          left.set(owner, left.get(owner)! - 1);
          const waiting = OWNERS.filter((o) => left.get(o)! > 0 && o !== owner);
          for (const other of waiting) expect(had.get(owner)! - had.get(other)!).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('leave out what was removed, and begin with what goes once more, whatever its priority', () => {
    fc.assert(
      fc.property(fc.array(items, { minLength: 1, maxLength: 20 }), fc.nat(), (given, which) => {
        const turns = filled(given);
        const removed = given[which % given.length]!;
        turns.remove(removed.owner, removed.priority, removed);
        const again: Item = { owner: OWNERS[0]!, priority: -5 };
        turns.addAgain(again);
        const taken = all(turns);
        expect(taken[0]).toBe(again);
        expect(new Set(taken.slice(1))).toEqual(new Set(given.filter((item) => item !== removed)));
      }),
    );
  });
});
