import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PastOptimizer } from '../../src/conditions/past-optimizer.ts';
import { RandomStream } from '../../src/core/random.ts';
import { bandit } from '../../src/selectors/bandit.ts';
import { past, selection } from './support.ts';

/** What one optimizer of a type comes to in a synthetic run. */
type Arm = (random: RandomStream) => { readonly fx: number; readonly evaluations: number };

const DEFAULTS = { floor: 0.2, window: 50 };

/** Lets the bandit choose `starts` times after `history`, each optimizer ending before the next begins. */
function play(
  arms: readonly Arm[],
  starts: number,
  seed: number,
  history: readonly PastOptimizer[] = [],
  options = DEFAULTS,
): PastOptimizer[] {
  const types = arms.length;
  const selector = bandit.create(options, { types });
  const optimizers = [...history];
  for (let i = 0; i < starts; i++) {
    const id = optimizers.length + 1;
    const random = RandomStream.at(seed, 'selector', id);
    const type = selector.select(selection(types, optimizers.slice(-256), { random }));
    const { fx, evaluations } = arms[type]!(RandomStream.at(seed, 'arm', id));
    optimizers.push(past(id, type, evaluations, fx));
  }
  return optimizers;
}

const share = (optimizers: readonly PastOptimizer[], type: number): number =>
  optimizers.filter((one) => one.type === type).length / optimizers.length;

const around =
  (mean: number, evaluations: number, sd = 1): Arm =>
  (random) => ({ fx: mean + sd * random.normal(), evaluations });

/** Far better than others now and then, far worse otherwise. */
const daring: Arm = (random) => ({
  fx: random.uniform() < 0.3 ? random.uniform() - 5 : 5 + random.uniform(),
  evaluations: 100,
});

/** The share of one type in 20 runs of 200 starts, from the 51st on. */
function runs(arms: readonly Arm[], type: number): number {
  let sum = 0;
  for (let seed = 0; seed < 20; seed++) sum += share(play(arms, 200, seed).slice(50), type);
  return sum / 20;
}

describe('bandit', () => {
  it('tries every type first, in the order of the configuration', () => {
    const arms = [around(0, 100), around(5, 100), around(5, 100)];
    expect(play(arms, 3, 1).map(({ type }) => type)).toEqual([0, 1, 2]);
  });

  it('draws among all types while nothing was evaluated', () => {
    const live = [0, 1].map((type) => past(type + 1, type, 0, undefined));
    const chosen = Array.from({ length: 50 }, (_, i) =>
      bandit
        .create(DEFAULTS, { types: 2 })
        .select(selection(2, live, { random: RandomStream.at(i, 'selector') })),
    );
    expect(new Set(chosen)).toEqual(new Set([0, 1]));
  });

  it('finds the type with the better values', () => {
    expect(runs([around(2, 100), around(0, 100), around(2, 100)], 1)).toBeGreaterThan(0.75);
  });

  it('finds the type that reaches the same values with fewer evaluations', () => {
    expect(runs([around(0, 300), around(0, 100)], 1)).toBeGreaterThan(0.75);
  });

  it('prefers the best values now and then to middling values always', () => {
    expect(runs([around(0, 100, 0.5), daring], 1)).toBeGreaterThan(0.7);
  });

  it('divides starts about evenly among types that are alike', () => {
    const alike = [around(0, 100), around(0, 100)];
    expect(runs(alike, 0)).toBeGreaterThan(0.35);
    expect(runs(alike, 0)).toBeLessThan(0.65);
  });

  it('keeps the floor of each type', () => {
    // All evidence speaks for type 0; the others get 0.3 / 3 each. 4 standard deviations of 2000 draws are 0.027.
    const history = Array.from({ length: 60 }, (_, i) => past(i + 1, i % 3, 100, i % 3 === 0 ? -i : i));
    const selector = bandit.create({ floor: 0.3, window: 50 }, { types: 3 });
    const counts = [0, 0, 0];
    for (let i = 0; i < 2000; i++)
      counts[selector.select(selection(3, history, { random: RandomStream.at(i, 'selector') }))]! += 1;
    expect(counts[1]! / 2000).toBeGreaterThan(0.1 - 0.027);
    expect(counts[2]! / 2000).toBeGreaterThan(0.1 - 0.027);
    expect(counts[0]! / 2000).toBeGreaterThan(0.75);
  });

  it('follows when another type begins to pay', () => {
    let sum = 0;
    for (let seed = 0; seed < 20; seed++) {
      const before = play([around(0, 100), around(3, 100)], 150, seed);
      const after = play([around(3, 100), around(0, 100)], 200, seed, before);
      sum += share(after.slice(-100), 1);
    }
    expect(sum / 20).toBeGreaterThan(0.75);
  });

  it('counts failures as the worst, and live optimizers with what they have', () => {
    const history = Array.from({ length: 40 }, (_, i): PastOptimizer =>
      i % 2 === 0 ? past(i + 1, 0, 100, undefined) : { ...past(i + 1, 1, 100, 3), state: 'live' },
    );
    const selector = bandit.create({ floor: 0, window: 50 }, { types: 2 });
    for (let i = 0; i < 100; i++)
      expect(selector.select(selection(2, history, { random: RandomStream.at(i, 'selector') }))).toBe(1);
  });

  it('does not judge by optimizers that are none of the configuration’s', () => {
    const history = [past(1, 0, 100, 3), past(2, 1, 100, 2), past(3, 0, 50, 1)];
    const others = [past(0, -1, 0, -9), past(4, -1, 1000, -9)];
    const selector = bandit.create(DEFAULTS, { types: 2 });
    for (let id = 10; id < 200; id++) {
      const choose = (optimizers: readonly PastOptimizer[]): number =>
        selector.select(selection(2, optimizers, { random: RandomStream.at(1, 'selector', id) }));
      expect(choose([...others, ...history])).toBe(choose(history));
    }
  });

  it('decides the same for f and for a·f + b', () => {
    const optimizer = fc.record({
      type: fc.nat(2),
      evaluations: fc.nat(500),
      fx: fc.option(fc.integer({ min: -1000, max: 1000 }), { nil: undefined }),
    });
    // Integers times a power of 2 plus an integer: no rounding makes ties.
    fc.assert(
      fc.property(
        fc.array(optimizer, { maxLength: 80 }),
        fc.integer({ min: -20, max: 20 }),
        fc.integer({ min: -(2 ** 20), max: 2 ** 20 }),
        fc.nat(),
        (list, exponent, b, seed) => {
          const select = (of: (fx: number) => number): number =>
            bandit.create(DEFAULTS, { types: 3 }).select(
              selection(
                3,
                list.map(({ type, evaluations, fx }, i) =>
                  past(i + 1, type, evaluations, fx === undefined ? undefined : of(fx)),
                ),
                { random: RandomStream.at(seed, 'selector') },
              ),
            );
          expect(select((fx) => 2 ** exponent * fx + b)).toBe(select((fx) => fx));
        },
      ),
    );
  });
});
