import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { generators } from '../../src/generators/registry.ts';
import { generation, past, setupOf } from './support.ts';

describe('the registry of generators', () => {
  it('lists them by the names that a configuration uses', () => {
    expect(generators.names()).toEqual([
      'random',
      'sobol',
      'latin-hypercube',
      'magnitudes',
      'single-point',
      'incumbent',
      'perturbation',
      'explore-exploit',
      'basin-hopping',
      'cluster-hopping',
      'annealing',
    ]);
  });

  it.each(generators.all())('describes $name and each of its options', ({ summary, options }) => {
    expect(summary.length).toBeGreaterThan(20);
    for (const { description } of Object.values(options.properties))
      expect(description.length).toBeGreaterThan(20);
  });
});

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const run = fc.record({
  dimension: fc.integer({ min: 1, max: 40 }),
  optimizerId: fc.integer({ min: 1, max: 100_000 }),
  evaluations: fc.nat(2000),
  budget: fc.constantFrom(1000, Infinity),
  spread: fc.double({ min: 0, max: 1e300, noNaN: true }),
  seed: fc.nat(),
  optimizers: fc.array(
    fc.record({
      fx: fc.double({ noNaN: true, noDefaultInfinity: true }),
      at: unit,
      state: fc.constantFrom('live' as const, 'converged' as const, 'killed' as const),
      empty: fc.boolean(),
    }),
    { maxLength: 12 },
  ),
  scale: fc.double({ min: 1e-6, max: 1, noNaN: true }),
});

describe.each(generators.names())('%s', (name) => {
  // Particles have three coordinates.
  const particles = name === 'cluster-hopping' ? 3 : 1;
  const make = (dimension: number, seed: number, scale: number) => {
    const component = generators.get(name);
    const defaults = Object.entries(component.options.properties).flatMap(([option, schema]) =>
      schema.default === undefined ? [] : [[option, schema.default]],
    );
    const options = {
      ...Object.fromEntries(defaults),
      ...('scale' in component.options.properties ? { scale } : {}),
    };
    return component.create(options as never, setupOf(dimension, seed));
  };

  it('gives a point of the unit box, the same for the same context, seed and stream, and changes nothing it is given', () => {
    fc.assert(
      fc.property(run, ({ dimension: count, optimizerId, optimizers, seed, scale, ...facts }) => {
        const dimension = count * particles;
        const context = () =>
          generation(
            optimizers.map(({ fx, at, state, empty }, i) => {
              const one = past(
                i + 1,
                fx,
                Array.from({ length: dimension }, () => at),
                state,
              );
              return empty ? { ...one, best: undefined } : one;
            }),
            { ...facts, optimizerId, random: RandomStream.at(seed, 'generator', optimizerId) },
          );
        const generator = make(dimension, seed, scale);
        const given = context();
        const point = generator.generate(given);
        expect(point).toHaveLength(dimension);
        expect(point.every((coordinate) => coordinate >= 0 && coordinate <= 1)).toBe(true);
        // Another instance, and one that was asked before: no state.
        expect(make(dimension, seed, scale).generate(context())).toEqual(point);
        expect(generator.generate(context())).toEqual(point);
        point.fill(-1);
        expect({ ...given, random: 0 }).toEqual({ ...context(), random: 0 });
        expect(generator.generate(context())).not.toEqual(point);
      }),
      { numRuns: 60 },
    );
  });
});
