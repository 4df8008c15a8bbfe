import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HuntContext, Hunter } from '../../src/hunters/contract.ts';
import { hunters } from '../../src/hunters/registry.ts';
import { type Evaluation, historyOf, huntOf, setup } from './support.ts';

/** Options under which each hunter says yes to some histories and no to others. */
const USEFUL: Readonly<Record<string, readonly object[]>> = {
  'best-unmoving': [
    { calls: 4, tolerance: 0.2, of: 'fx' },
    { calls: 4, tolerance: 0.2, of: 'extras.size' },
  ],
  'evaluations-unmoving': [
    { calls: 5, tolerance: 0.4, of: 'fx' },
    { calls: 5, tolerance: 0.4, of: 'extras.size' },
  ],
  forecast: [
    { caution: 2, of: 'fx' },
    { caution: 2, of: 'extras.size' },
  ],
  'last-points-invalid': [{ calls: 2 }],
  'min-evaluations': [{ calls: 10 }],
  'optimizer-type': [{ types: ['cma-es'] }],
  'parameter-distance': [{ tolerance: 0.3 }],
  'step-size': [{ calls: 3, tolerance: 0.35 }],
  'time-annealing': [{ safeRatio: 1.5 }],
  'value-annealing': [
    { survivalAtTwice: 0.3, of: 'fx' },
    { survivalAtTwice: 0.3, of: 'extras.size' },
  ],
};

/** Those that are about how many evaluations there are, or about the failed ones: for all others these are as if they never were. */
const COUNTING = new Set(['last-points-invalid', 'min-evaluations', 'time-annealing']);

const CASES = hunters
  .all()
  .flatMap((component) =>
    (USEFUL[component.name] ?? [{}]).map((options) => ({ component, name: component.name, options })),
  );

// Multiples of 1/64: sums and products below stay exact, so that equality can be asked for.
const value = fc.integer({ min: -6400, max: 6400 }).map((n) => n / 64);
const evaluation: fc.Arbitrary<Evaluation> = fc.record({
  fx: fc.option(value, { freq: 5 }),
  x: fc
    .tuple(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 0, max: 16 }))
    .map((x) => x.map((n) => n / 16)),
  // A task may return it or not.
  extras: fc.record({ size: value }, { requiredKeys: [] }),
});
/** One that comes down, the slower the lower it is. */
const descent = fc.tuple(value, fc.constantFrom(40, 60), fc.nat(64)).map(([limit, length, above]) =>
  Array.from({ length }, (_, i): Evaluation => {
    const fx = limit + above * 2 ** -Math.floor(i / 6);
    return { fx, x: [i / 64, 0], extras: { size: fx } };
  }),
);
const history = fc.oneof(fc.array(evaluation, { maxLength: 30 }), descent);
const factor = fc.constantFrom(2 ** -10, 0.5, 1, 4, 1024);
const shift = fc.integer({ min: -1000, max: 1000 });

function worked(some: readonly Evaluation[]): readonly Evaluation[] {
  return some.filter(({ fx }) => fx !== null);
}

it('knows every hunter of the registry', () => {
  expect(Object.keys(USEFUL)).toEqual(hunters.names());
});

describe.each(CASES)('every hunter: $name $options', ({ component, name, options }) => {
  const make = (): Hunter => component.create(options as never, setup);

  it('gives the same verdict for the same history', () => {
    fc.assert(
      fc.property(history, history, fc.nat(), (victim, holder, callId) => {
        expect(make().examine(huntOf(victim, holder, { callId }))).toEqual(
          make().examine(huntOf(victim, holder, { callId })),
        );
      }),
    );
  });

  it('gives the same verdict for f and for a·f + b, a > 0, in every column', () => {
    fc.assert(
      fc.property(
        history,
        history,
        fc.nat(),
        factor,
        shift,
        factor,
        shift,
        (victim, holder, callId, a, b, c, d) => {
          const mapped = (some: readonly Evaluation[]): readonly Evaluation[] =>
            some.map(({ fx, extras, ...rest }) => ({
              ...rest,
              fx: fx === null ? null : a * fx + a * b,
              extras: Object.fromEntries(
                Object.entries(extras!).map(([key, size]) => [key, c * size + c * d]),
              ),
            }));
          const plain = make().examine(huntOf(victim, holder, { callId }));
          const moved = make().examine(huntOf(mapped(victim), mapped(holder), { callId }));
          expect(moved.holds).toBe(plain.holds);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.skipIf(COUNTING.has(name))('finds the same with failed evaluations and without', () => {
    fc.assert(
      fc.property(history, history, fc.nat(), (victim, holder, callId) => {
        expect(make().examine(huntOf(victim, holder, { callId }))).toEqual(
          make().examine(huntOf(worked(victim), worked(holder), { callId })),
        );
      }),
    );
  });

  it('says yes to some victims and no to others', () => {
    const verdicts = fc
      .sample(fc.tuple(history, history, fc.constantFrom('cma-es', 'random')), { numRuns: 500, seed: 1 })
      .map(([victim, holder, type]) => {
        const context: HuntContext = { ...huntOf(victim, holder), victim: historyOf(victim, { type }) };
        return make().examine(context).holds;
      });
    expect(new Set(verdicts)).toEqual(new Set([true, false]));
  });

  it('asks for no more than it declares', () => {
    fc.assert(
      fc.property(history, history, (victim, holder) => {
        const hunter = make();
        expect(() => hunter.examine(huntOf(victim, holder, { declared: hunter }))).not.toThrow();
      }),
    );
  });

  it('says what it compared', () => {
    fc.assert(
      fc.property(history, history, (victim, holder) => {
        expect(make().examine(huntOf(victim, holder)).detail).not.toBe('');
      }),
    );
  });
});

describe.each(hunters.all().filter(({ options }) => 'of' in options.properties))(
  'the column of $name',
  (component) => {
    it.each(['fx', 'extras.size', 'extras.a.b'])('may be %s', (of) => {
      expect(component.fault?.({ of } as never)).toBeUndefined();
    });

    it.each(['size', 'extras', 'extras.', 'FX', ''])('may not be "%s"', (of) => {
      expect(component.fault?.({ of } as never)).toBe(`of must be fx or extras.NAME, got ${of}`);
    });
  },
);
