import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { chain } from '../../src/selectors/chain.ts';
import { cycle } from '../../src/selectors/cycle.ts';
import { random } from '../../src/selectors/random.ts';
import { selectors } from '../../src/selectors/registry.ts';
import { past, selection } from './support.ts';

/** Options with which each selector can be made for `types` types; the others have defaults. */
const OPTIONS: Readonly<Record<string, (types: number) => object>> = {
  chain: (types) => ({ thresholds: Array.from({ length: types - 1 }, (_, i) => 50 * (i + 1)) }),
  bandit: () => ({ floor: 0.2, window: 50 }),
};

describe('the registry of selectors', () => {
  it('lists them by the names that a configuration uses', () => {
    expect(selectors.names()).toEqual(['cycle', 'random', 'chain', 'bandit', 'share']);
  });

  it.each(selectors.all())('describes $name and each of its options', ({ summary, options }) => {
    expect(summary.length).toBeGreaterThan(20);
    for (const { description } of Object.values(options.properties))
      expect(description.length).toBeGreaterThan(20);
  });
});

describe.each(selectors.names())('%s', (name) => {
  it('chooses one of the types, the same for the same context', () => {
    const optimizer = fc.record({
      type: fc.nat(4),
      evaluations: fc.nat(500),
      fx: fc.option(fc.double({ noNaN: true }), { nil: undefined }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(optimizer, { maxLength: 40 }),
        fc.nat(),
        (types, list, seed) => {
          const optimizers = list.map((one, i) => past(i + 1, one.type % types, one.evaluations, one.fx));
          const selector = selectors.get(name).create((OPTIONS[name]?.(types) ?? {}) as never, { types });
          const select = (): number =>
            selector.select(
              selection(types, optimizers, { evaluations: 77, random: RandomStream.at(seed, 'selector') }),
            );
          const chosen = select();
          expect(chosen).toBeOneOf(Array.from({ length: types }, (_, i) => i));
          expect(select()).toBe(chosen);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('cycle', () => {
  it('goes around by the id of the optimizer', () => {
    const selector = cycle.create({}, { types: 3 });
    const chosen = [1, 2, 3, 4, 5].map((optimizerId) => selector.select(selection(3, [], { optimizerId })));
    expect(chosen).toEqual([0, 1, 2, 0, 1]);
  });
});

describe('random', () => {
  it('chooses all types equally often', () => {
    const selector = random.create({}, { types: 4 });
    const stream = new RandomStream([1, 2, 3, 4]);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 4000; i++) counts[selector.select(selection(4, [], { random: stream }))]! += 1;
    // Four standard deviations of a binomial count are 110.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(110);
  });
});

describe('chain', () => {
  const selector = chain.create({ thresholds: [100, 200] }, { types: 3 });
  const after = (evaluations: number): number => selector.select(selection(3, [], { evaluations }));

  it('moves on at each threshold', () => {
    expect([0, 99, 100, 199, 200, 1e9].map(after)).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('refuses a number of thresholds that does not fit the types', () => {
    expect(() => chain.create({ thresholds: [100] }, { types: 3 })).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: 'chain needs one threshold fewer than there are optimizer types: 2, got 1',
      }),
    );
  });

  it('finds fault with thresholds that do not grow', () => {
    expect(chain.fault?.({ thresholds: [100, 200] })).toBeUndefined();
    expect(chain.fault?.({ thresholds: [200, 100] })).toBe('thresholds must grow');
    expect(chain.fault?.({ thresholds: [100, 100] })).toBe('thresholds must grow');
  });
});
