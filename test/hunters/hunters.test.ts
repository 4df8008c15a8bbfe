import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawAt } from '../../src/core/random.ts';
import { bestUnmoving } from '../../src/hunters/best-unmoving.ts';
import type { HuntContext, Hunter } from '../../src/hunters/contract.ts';
import { evaluationsUnmoving } from '../../src/hunters/evaluations-unmoving.ts';
import { hunters } from '../../src/hunters/registry.ts';
import { valueAnnealing } from '../../src/hunters/value-annealing.ts';
import { ValueHistory } from '../../src/manager/history.ts';
import { Spread } from '../../src/manager/spread.ts';

function historyOf(id: number, values: readonly number[], window = 100): ValueHistory {
  const history = new ValueHistory(id, 'cma-es', window);
  for (const value of values) history.push(value);
  return history;
}

function huntOf(victim: readonly number[], holder: readonly number[], callId = 500): HuntContext {
  const spread = new Spread();
  for (const value of [...holder, ...victim]) spread.push(value);
  return { callId, victim: historyOf(2, victim), holder: historyOf(1, holder), spread: spread.value };
}

const setup = {
  path: 'hunters',
  draw: (callId: number, id: number): number => drawAt(9, 'hunters', callId, id),
};
const withDraw = (u: number): typeof setup => ({ path: 'hunters', draw: () => u });

describe('best-unmoving', () => {
  const hunter = bestUnmoving.create({ calls: 3, tolerance: 0.05 }, setup);

  it('waits until there are more than `calls` evaluations', () => {
    expect(hunter.examine(huntOf([5, 5, 5], [0, 10]))).toEqual({
      holds: false,
      detail: '3 evaluations, needs more than 3',
    });
  });

  it('names a victim whose best has gained no more than the tolerance times the spread', () => {
    // Best 3 evaluations ago: 7; now 6.5: gain 0.5. The median of 0, 10, 9, 7, 8, 7, 6.5 is 7, the best of the run 0: spread 7.
    const context = huntOf([9, 7, 8, 7, 6.5], [0, 10]);
    expect(context.spread).toBe(7);
    expect(hunter.examine(context)).toEqual({ holds: false, detail: 'gain 0.5 > 0.05·spread 7' });
    // Best 3 evaluations ago: 7; now 6.9.
    expect(hunter.examine(huntOf([9, 7, 8, 7, 6.9], [0, 10]))).toEqual({
      holds: true,
      detail: 'gain 0.1 <= 0.05·spread 7',
    });
  });
});

describe('evaluations-unmoving', () => {
  const hunter = evaluationsUnmoving.create({ calls: 4, tolerance: 0.5 }, setup);

  it('waits until there are `calls` evaluations', () => {
    expect(hunter.examine(huntOf([1, 1, 1], [5])).holds).toBe(false);
  });

  it('names a victim whose last values have a standard deviation of no more than the tolerance times the spread', () => {
    // The last four, 1 2 3 4, have the population standard deviation sqrt(1.25).
    const { victim, holder } = huntOf([9, 1, 2, 3, 4], [0]);
    const context = { callId: 1, victim, holder };
    expect(hunter.examine({ ...context, spread: 2.2 })).toEqual({
      holds: false,
      detail: 'sd 1.118 > 0.5·spread 2.2',
    });
    expect(hunter.examine({ ...context, spread: 2.3 })).toEqual({
      holds: true,
      detail: 'sd 1.118 <= 0.5·spread 2.3',
    });
  });

  it('keeps its digits for values far from 0', () => {
    const far = [1, 2, 3, 4].map((value) => value + 1e9);
    const { victim, holder } = huntOf(far, [0]);
    expect(hunter.examine({ callId: 1, victim, holder, spread: 1 }).detail).toBe('sd 1.118 > 0.5·spread 1');
  });
});

describe('value-annealing', () => {
  const context: HuntContext = {
    callId: 500,
    victim: historyOf(2, [30]),
    holder: historyOf(1, [10]),
    spread: 20,
  };

  it('lets a victim one spread above the best survive with the chance survivalAtTwice', () => {
    expect(valueAnnealing.create({ survivalAtTwice: 0.1 }, withDraw(0.09)).examine(context).holds).toBe(
      false,
    );
    expect(valueAnnealing.create({ survivalAtTwice: 0.1 }, withDraw(0.11)).examine(context)).toEqual({
      holds: true,
      detail: 'u 0.11 > survival 0.1',
    });
  });

  it('lets one two spreads above survive with the square of it', () => {
    const further = { ...context, victim: historyOf(2, [50]) };
    expect(valueAnnealing.create({ survivalAtTwice: 0.1 }, withDraw(0.011)).examine(further).holds).toBe(
      true,
    );
    expect(valueAnnealing.create({ survivalAtTwice: 0.1 }, withDraw(0.009)).examine(further).holds).toBe(
      false,
    );
  });

  it('never names the holder, or one who is as good', () => {
    const asGood = { ...context, victim: historyOf(2, [10]) };
    expect(valueAnnealing.create({ survivalAtTwice: 0.1 }, withDraw(0.999)).examine(asGood).holds).toBe(
      false,
    );
  });

  it('kills about as often as it says, over many hunts', () => {
    const hunter = valueAnnealing.create({ survivalAtTwice: 0.1 }, setup);
    let killed = 0;
    for (let callId = 1; callId <= 10_000; callId++)
      if (hunter.examine({ ...context, callId }).holds) killed++;
    // 0.9, five standard errors.
    expect(Math.abs(killed / 10_000 - 0.9)).toBeLessThan(0.015);
  });
});

/** Options under which each hunter says yes to some histories and no to others. */
const USEFUL: Readonly<Record<string, object>> = {
  'best-unmoving': { calls: 4, tolerance: 0.2 },
  'evaluations-unmoving': { calls: 5, tolerance: 0.4 },
  'value-annealing': { survivalAtTwice: 0.3 },
};

describe.each(hunters.all())('every hunter: $name', (component) => {
  const make = (): Hunter => component.create(USEFUL[component.name] as never, setup);
  // Multiples of 1/64: sums and products below stay exact, so that equality can be asked for.
  const values = fc.array(
    fc.integer({ min: -6400, max: 6400 }).map((n) => n / 64),
    { minLength: 1, maxLength: 30 },
  );

  it('gives the same verdict for the same history', () => {
    fc.assert(
      fc.property(values, values, fc.nat(), (victim, holder, callId) => {
        expect(make().examine(huntOf(victim, holder, callId))).toEqual(
          make().examine(huntOf(victim, holder, callId)),
        );
      }),
    );
  });

  it('gives the same verdict for f and for a·f + b, a > 0', () => {
    fc.assert(
      fc.property(
        values,
        values,
        fc.nat(),
        fc.constantFrom(2 ** -10, 0.5, 1, 4, 1024),
        fc.integer({ min: -1000, max: 1000 }),
        (victim, holder, callId, a, b) => {
          const mapped = (some: readonly number[]): number[] => some.map((value) => a * value + b * a);
          const plain = make().examine(huntOf(victim, holder, callId));
          expect(make().examine(huntOf(mapped(victim), mapped(holder), callId)).holds).toBe(plain.holds);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('says yes to some histories and no to others', () => {
    const verdicts = fc
      .sample(fc.tuple(values, values), { numRuns: 500, seed: 1 })
      .map(([victim, holder]) => make().examine(huntOf(victim, holder)).holds);
    expect(new Set(verdicts).size).toBe(2);
  });

  it('needs no more history than the window that it declares', () => {
    fc.assert(
      fc.property(values, values, (victim, holder) => {
        const hunter = make();
        const context = huntOf(victim, holder);
        const short = {
          ...context,
          victim: historyOf(2, victim, hunter.window),
          holder: historyOf(1, holder, hunter.window),
        };
        expect(hunter.examine(short)).toEqual(hunter.examine(context));
      }),
    );
  });
});
