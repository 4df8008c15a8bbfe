import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawAt, RandomStream } from '../../src/core/random.ts';
import { annealing } from '../../src/generators/annealing.ts';
import { basinHopping } from '../../src/generators/basin-hopping.ts';
import { fold } from '../../src/generators/points.ts';
import { walk } from '../../src/generators/walk.ts';
import { generation, past, setupOf } from './support.ts';

describe('walk', () => {
  const first = past(1, 5, [0.1]);
  const better = past(2, 3, [0.2]);
  const worse = past(3, 4, [0.3]);
  const path = 'generator/test';

  it('stands nowhere while no optimizer has a point', () => {
    expect(walk([], 1, 7, path)).toBeUndefined();
    expect(walk([{ ...first, best: undefined }], 1, 7, path)).toBeUndefined();
  });

  it('steps to what is better always, and to what is worse never at temperature 0', () => {
    expect(walk([first, better, worse], 0, 7, path)).toEqual(Float64Array.of(0.2));
  });

  it('steps to what is worse with probability exp(-difference / temperature)', () => {
    let stepped = 0;
    for (let seed = 0; seed < 1000; seed++)
      if (walk([first, better, worse], 2, seed, path)?.[0] === 0.3) stepped++;
    // The difference is 1. Four standard deviations are 0.062.
    expect(Math.abs(stepped / 1000 - Math.exp(-1 / 2))).toBeLessThan(0.062);
  });

  it('lets optimizers that live draw it downhill only', () => {
    const young = past(3, 4, [0.3], 'live');
    for (let seed = 0; seed < 50; seed++)
      expect(walk([first, better, young], 1e9, seed, path)).toEqual(Float64Array.of(0.2));
    expect(walk([first, { ...better, state: 'live' }], 0, 7, path)).toEqual(Float64Array.of(0.2));
  });

  it('accepts the same optimizers in all later starts, whatever is added', () => {
    const seed = 11;
    const accepted = drawAt(seed, path, 3, 0) < Math.exp(-1);
    const later = past(4, 1e9, [0.4]);
    expect(walk([first, better, worse], 1, seed, path)?.[0]).toBe(accepted ? 0.3 : 0.2);
    expect(walk([first, better, worse, later], 1, seed, path)?.[0]).toBe(accepted ? 0.3 : 0.2);
  });
});

describe('fold', () => {
  it('mirrors at both walls and leaves the box as it is', () => {
    expect([0, 0.25, 1, 1.25, 2, 2.25, -0.25, -1.25].map(fold)).toEqual([
      0, 0.25, 1, 0.75, 0, 0.25, 0.25, 0.75,
    ]);
  });
});

const minima = [past(1, 5, [0.1, 0.1]), past(2, 3, [0.5, 0.5]), past(3, 4, [0.9, 0.9])];

/** How far the starts of 300 streams lie from `centre` in the first coordinate, sorted. */
function distances(start: (random: RandomStream) => Float64Array, centre: number): number[] {
  return Array.from({ length: 300 }, (_, i) =>
    Math.abs(start(RandomStream.at(5, 'generator', i))[0]! - centre),
  ).toSorted((a, b) => a - b);
}

describe('basin-hopping', () => {
  it('steps from where the walk stands, normally with `scale`', () => {
    const generator = basinHopping.create({ temperature: 0, scale: 0.1 }, setupOf(2));
    const sorted = distances((random) => generator.generate(generation(minima, { random })), 0.5);
    // Two thirds of a normal lie within 0.967 standard deviations.
    expect(sorted[200]).toBeCloseTo(0.097, 1);
    expect(sorted.at(-1)).toBeLessThan(0.45);
  });

  it('measures temperature by the spread of the run: the same for f and for a·f + b', () => {
    const generator = basinHopping.create({ temperature: 0.5, scale: 0.1 }, setupOf(2));
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 20 }),
        fc.integer({ min: -20, max: 20 }),
        fc.integer({ min: -(2 ** 20), max: 2 ** 20 }),
        (values, exponent, b) => {
          const start = (a: number, offset: number): Float64Array =>
            generator.generate(
              generation(
                values.map((value, i) => past(i + 1, a * value + offset, [i / 20, i / 20])),
                { spread: a * 300 },
              ),
            );
          expect(start(2 ** exponent, b)).toEqual(start(1, 0));
        },
      ),
    );
  });
});

describe('annealing', () => {
  const options = { temperature: 1, finalTemperature: 0.01, scale: 0.2 };
  const generator = annealing.create(options, setupOf(2));
  /** The median step at one moment of a run whose walk stands at 0.5: values far apart, so that none is accepted uphill. */
  const medianStep = (moment: object): number => {
    const rigid = { spread: 1e-9, ...moment };
    return distances((random) => generator.generate(generation(minima, { ...rigid, random })), 0.5)[150]!;
  };

  it('makes steps that shrink from `scale` with the temperature as the budget is used', () => {
    // The median of |Cauchy| is its scale; folding at the walls makes it a little smaller while steps are long.
    expect(medianStep({ evaluations: 0, budget: 1000 })).toBeGreaterThan(0.15);
    expect(medianStep({ evaluations: 0, budget: 1000 })).toBeLessThan(0.25);
    expect(medianStep({ evaluations: 500, budget: 1000 })).toBeCloseTo(0.02, 2);
    expect(medianStep({ evaluations: 1000, budget: 1000 })).toBeCloseTo(0.002, 3);
    expect(medianStep({ evaluations: 9999, budget: 1000 })).toBeCloseTo(0.002, 3);
  });

  it('goes by the number of starts without a budget, and begins anew after temperature / finalTemperature of them', () => {
    expect(medianStep({ optimizerId: 10 })).toBeCloseTo(0.02, 2);
    expect(medianStep({ optimizerId: 100 })).toBeCloseTo(0.002, 3);
    expect(medianStep({ optimizerId: 101 })).toBeGreaterThan(0.15);
  });

  it('goes anywhere now and then, also when it is cold', () => {
    const cold = { evaluations: 1000, budget: 1000, spread: 1e-9 };
    const sorted = distances((random) => generator.generate(generation(minima, { ...cold, random })), 0.5);
    expect(sorted.at(-1)).toBeGreaterThan(0.1);
  });

  it('accepts less the colder it is', () => {
    // The difference is half a spread; four standard deviations are 0.14.
    const [hot, cold] = [0, 1000].map((evaluations) => {
      let uphill = 0;
      for (let seed = 0; seed < 200; seed++) {
        const start = annealing
          .create({ ...options, scale: 1e-9 }, setupOf(2, seed))
          .generate(generation(minima, { evaluations, budget: 1000, spread: 2 }));
        if (Math.abs(start[0]! - 0.9) < 0.01) uphill++;
      }
      return uphill / 200;
    });
    expect(Math.abs(hot! - Math.exp(-1 / 2))).toBeLessThan(0.14);
    expect(cold).toBe(0);
  });

  it('finds fault with a final temperature above the first', () => {
    expect(annealing.fault?.(options)).toBeUndefined();
    expect(annealing.fault?.({ ...options, finalTemperature: 2 })).toBe(
      'finalTemperature must not be above temperature',
    );
  });
});
