import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ActiveTime } from '../../../src/views/story/active-time.ts';
import { BestList } from '../../../src/views/story/best-list.ts';
import { budgetOf } from '../../../src/views/story/budget.ts';
import { Growth } from '../../../src/views/story/growth.ts';
import { colouring } from '../../../src/views/story/colours.ts';
import { readFacts } from '../../../src/views/story/facts.ts';
import type { OptimizerCard } from '../../../src/views/story/frame.ts';
import { bestHeight, heightScale } from '../../../src/views/story/height.ts';
import { lanesOf } from '../../../src/views/story/lanes.ts';
import { Load } from '../../../src/views/story/load.ts';
import { Marks } from '../../../src/views/story/marks.ts';
import { bestSoFar, upTo } from '../../../src/views/story/moment.ts';
import { Spending } from '../../../src/views/story/spending.ts';

describe('the time of a run', () => {
  it('leaves out what was between its sessions', () => {
    const time = new ActiveTime(1000);
    time.heard(1500);
    time.resumed(100_000);
    expect(time.of(1200)).toBe(200);
    expect(time.of(1500)).toBe(500);
    expect(time.of(50_000)).toBe(500);
    expect(time.of(100_000)).toBe(500);
    expect(time.of(100_250)).toBe(750);
  });

  it('never runs backwards, and is never below 0', () => {
    const gaps = fc.array(fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 1000 })));
    fc.assert(
      fc.property(
        gaps,
        fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 2 }),
        (sessions, moments) => {
          const time = new ActiveTime(5000);
          let at = 5000;
          for (const [length, gap] of sessions) {
            time.heard((at += length));
            time.resumed((at += gap));
          }
          const times = moments.toSorted((a, b) => a - b).map((moment) => time.of(moment));
          expect(times).toEqual(times.toSorted((a, b) => a - b));
          expect(times[0]).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});

describe('what a limit of time goes by', () => {
  it('leaves pauses out, also one that outlives a session', () => {
    const spending = new Spending(1000);
    expect(spending.session(1500)).toBe(500);
    spending.paused(2000);
    spending.paused(2500);
    expect(spending.session(9000)).toBe(1000);
    spending.unpaused(3000);
    expect(spending.session(3500)).toBe(1500);
    spending.paused(4000);
    spending.resumed(100_000, 5000);
    expect([spending.session(101_000), spending.overall(101_000)]).toEqual([0, 2000]);
    spending.unpaused(102_000);
    expect([spending.session(102_500), spending.overall(102_500)]).toEqual([500, 2500]);
  });
});

describe('the list of the best', () => {
  it('has the best, the earlier of equal ones first', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (values) => {
        const list = new BestList(5);
        const all = values.map((fx, i) => ({ fx, call: i + 1, optimizer: 1, time: i }));
        for (const entry of all) list.add(entry, 1);
        expect(list.entries).toEqual(all.toSorted((a, b) => a.fx - b.fx || a.call - b.call).slice(0, 5));
      }),
    );
  });

  it('says which is the best of all', () => {
    const list = new BestList(2);
    const entry = (fx: number, call: number): boolean => list.add({ fx, call, optimizer: 1, time: 0 }, 1);
    expect([entry(3, 1), entry(3, 2), entry(1, 3), entry(2, 4), entry(0, 5)]).toEqual([
      true,
      false,
      true,
      false,
      true,
    ]);
  });
});

describe('the load of a run', () => {
  it('is all the time of its evaluations, however wide its bins are', () => {
    const spans = fc.array(fc.tuple(fc.integer({ min: 0, max: 1e7 }), fc.integer({ min: 0, max: 1e5 })), {
      maxLength: 50,
    });
    fc.assert(
      fc.property(spans, (all) => {
        const load = new Load();
        for (const [from, length] of all) load.add(from, from + length, 1);
        const { values, width } = load.patch(0);
        const sum = values.reduce((total, value) => total + value, 0);
        expect(sum).toBeCloseTo(
          all.reduce((total, [, length]) => total + length, 0),
          0,
        );
        expect(values.length).toBeLessThanOrEqual(1024);
        expect(values.every((value) => value <= width * all.length + 1e-6)).toBe(true);
      }),
    );
  });

  it('says where an evaluation was', () => {
    const load = new Load();
    load.add(2.5, 4.25, 1);
    expect(load.patch(0)).toEqual({ width: 1, from: 0, values: [0, 0, 0.5, 1, 0.25] });
    load.add(3, 3.5, 2);
    expect(load.patch(1)).toEqual({ width: 1, from: 3, values: [1.5, 0.25] });
  });
});

describe('the clock of calls', () => {
  it('finds the calls of a time, and all of them', () => {
    const clock = new Growth();
    for (let call = 1; call <= 1000; call++) clock.add(call, 10 * call, call < 500 ? 1 : 4, 1);
    const { from, to } = clock.callsWithin(2000, 3000);
    expect(from).toBeLessThanOrEqual(200);
    expect(from).toBeGreaterThan(180);
    expect(to).toBeGreaterThanOrEqual(300);
    expect(to).toBeLessThan(320);
    expect(clock.callsWithin(0, 1e9).to).toBeGreaterThanOrEqual(1000);
  });
});

describe('a budget', () => {
  it.each([
    [{ 'max-evaluations': { evaluations: 500 } }, { evaluations: 500, session: null, overall: null }],
    [
      {
        any: [
          { 'max-seconds': { seconds: 60, of: 'overall' } },
          { any: [{ 'max-evaluations': { evaluations: 9 } }] },
        ],
      },
      { evaluations: 9, session: null, overall: 60 },
    ],
    [
      { any: [{ 'max-seconds': 60 }, { 'max-seconds': { seconds: 30, of: 'session' } }] },
      { evaluations: null, session: 30, overall: null },
    ],
    // Neither ends the run alone, and nobody knows when the other holds.
    [
      { all: [{ 'max-evaluations': { evaluations: 9 } }, { 'max-seconds': { seconds: 1 } }] },
      { evaluations: null, session: null, overall: null },
    ],
    [
      { all: [{ 'max-evaluations': 50 }, { 'max-evaluations': 20 }] },
      { evaluations: 50, session: null, overall: null },
    ],
    [{ not: { 'max-evaluations': { evaluations: 9 } } }, { evaluations: null, session: null, overall: null }],
    [undefined, { evaluations: null, session: null, overall: null }],
    ['nonsense', { evaluations: null, session: null, overall: null }],
  ] as const)('of %j', (stop, expected) => {
    expect(budgetOf(stop)).toEqual(expected);
  });
});

function optimizer(id: number, from: number, to: number | null, workers = 1): OptimizerCard {
  return {
    id,
    type: 'random',
    workers,
    status: to === null ? 'running' : 'killed',
    evaluations: 0,
    failed: 0,
    best: null,
    bestCall: null,
    current: null,
    started: { call: from, time: from },
    ended: to === null ? null : { call: to, time: to },
  };
}

describe('what was configured', () => {
  it('is shown without the values of the environment', () => {
    const environment = { pass: ['HOME'], set: { DB_PASSWORD: 'hunter22' } };
    const { card } = readFacts('run', {
      config: {
        task: { command: ['x'], environment },
        optimizers: { use: [{ type: 'program', environment }] },
      },
      status: 'finished',
    });
    expect(JSON.stringify(card)).not.toContain('hunter22');
    const shown = { pass: ['HOME'], set: { DB_PASSWORD: '***' } };
    expect(card.config).toEqual({
      task: { command: ['x'], environment: shown },
      optimizers: { use: [{ type: 'program', environment: shown }] },
    });
  });

  it('has the parameters by their names where there was no configuration: in a table that was imported', () => {
    const { card } = readFacts('run', { names: ['a', 'b'], status: 'finished' });
    expect(card.parameters).toEqual(
      ['a', 'b'].map((name) => ({ name, kind: 'free', scale: 'linear', min: null, max: null })),
    );
  });

  it('is taken for what it is, whatever stands in the log', () => {
    const nonsense = [null, 5, 'text', [], {}, [null], { at: 5 }, { advice: 'no', time: null }];
    for (const one of nonsense) {
      const facts = readFacts('run', {
        status: 'finished',
        config: one,
        minima: one,
        utilisation: one,
        resources: one,
        vitals: one,
        names: one,
      });
      expect([facts.utilisation, facts.resources, facts.card.history, facts.card.minima]).toEqual([
        null,
        null,
        null,
        [],
      ]);
    }
  });
});

describe('marks', () => {
  it('are as many as there is room for, however often the same happens', () => {
    const marks = new Marks();
    const event = (type: string, callId: number): void => {
      marks.add(
        {
          eventId: callId,
          callId,
          at: callId,
          kind: 'operational',
          type,
          optimizerId: null,
          message: '',
          data: {},
        },
        callId,
        512,
        1,
      );
    };
    for (let call = 1; call <= 200_000; call++) {
      event('host-crashed', call);
      event('inject', call);
    }
    event('checkpoint', 200_000);
    const { marks: drawn } = marks.since(0);
    expect(drawn.length).toBeLessThan(1000);
    expect(drawn.at(-1)).toMatchObject({ type: 'checkpoint', call: 200_000 });
  });
});

describe('lanes', () => {
  it('never holds two optimizers in one lane at a time', () => {
    const optimizers = fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 100 }),
        fc.option(fc.integer({ min: 1, max: 50 })),
        fc.integer({ min: 1, max: 4 }),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(optimizers, (drawn) => {
        const cards = drawn.map(([from, length, workers], i) =>
          optimizer(i + 1, from, length === null ? null : from + length, workers),
        );
        const { lanes, count } = lanesOf(cards);
        expect(lanes).toHaveLength(cards.length);
        for (const a of lanes)
          for (const b of lanes) {
            if (
              a === b ||
              a.first >= b.first + b.optimizer.workers ||
              b.first >= a.first + a.optimizer.workers
            )
              continue;
            const [first, second] = a.optimizer.started.time <= b.optimizer.started.time ? [a, b] : [b, a];
            expect(first.optimizer.ended?.time ?? Infinity).toBeLessThanOrEqual(
              second.optimizer.started.time,
            );
          }
        expect(Math.max(0, ...lanes.map(({ first, optimizer: { workers } }) => first + workers))).toBe(count);
      }),
    );
  });

  it('gives a slot that is free to the next one', () => {
    const { lanes, count } = lanesOf([
      optimizer(1, 0, 10),
      optimizer(2, 0, 20),
      optimizer(3, 10, null),
      optimizer(4, 25, null),
    ]);
    expect(lanes.map(({ first }) => first)).toEqual([0, 1, 0, 1]);
    expect(count).toBe(2);
  });
});

describe('heights', () => {
  it('have a place within the range for nearly all values, whichever way they are drawn', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 300 }),
        fc.constantFrom('linear', 'log', 'gap' as const),
        (values, height) => {
          const scale = heightScale(height, values, Math.min(...values));
          const [low, high] = scale.range;
          expect(high).toBeGreaterThan(low);
          expect(!scale.isLog || low > 0).toBe(true);
          const shown = values.map(scale.of).filter((y) => y >= low && y <= high);
          const possible = height === 'log' ? values.filter((value) => value > 0) : values;
          expect(shown.length).toBeGreaterThanOrEqual(Math.floor(0.97 * possible.length) - 1);
        },
      ),
    );
  });

  it.each(['linear', 'log', 'gap'] as const)(
    'have a place for the best, where it is not among the values: %s',
    (height) => {
      const scale = heightScale(height, [1, 10, 30], 0.001);
      expect(scale.of(0.001)).toBeGreaterThanOrEqual(scale.range[0]);
      expect(scale.of(0.001)).toBeLessThanOrEqual(scale.range[1]);
    },
  );

  it('can be drawn, however large, small or near to each other the values are', () => {
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(0, 5, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE),
    );
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 50 }),
        fc.constantFrom('linear', 'log', 'gap' as const),
        (values, height) => {
          const best = Math.min(...values);
          const scale = heightScale(height, values, best);
          const [low, high] = scale.range;
          expect(Number.isFinite(high - low) && high > low).toBe(true);
          if (scale.isLog) expect(low).toBeGreaterThan(0);
          for (const y of values.map(scale.of)) expect(y).not.toBe(Infinity);
          expect(scale.of(best)).not.toBe(-Infinity);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('are powers of ten where that shows more', () => {
    expect(bestHeight([1, 1000], 1)).toBe('log');
    expect(bestHeight([788.5, 800], 788.5)).toBe('gap');
    expect(bestHeight([-5, 3], -5)).toBe('gap');
    expect(bestHeight([2], 2)).toBe('linear');
  });
});

describe('tracks', () => {
  it('end where they are cut', () => {
    expect(upTo([1, 10, 3, 30, 5, 50], 3)).toEqual([1, 10, 3, 30]);
    expect(upTo([1, 10], 0)).toEqual([]);
    expect(upTo([1, 10], Infinity)).toEqual([1, 10]);
  });

  it('fall, as the best so far, and reach to their end', () => {
    expect(bestSoFar([1, 5, 2, 7, 3, 4, 6, 9])).toEqual([1, 5, 3, 4, 6, 4]);
  });
});

describe('colours', () => {
  it('tell types apart, and optimizers where there is one type', () => {
    const byType = colouring(['b', 'a', 'b']);
    expect(byType({ id: 1, type: 'a' })).toBe(byType({ id: 2, type: 'a' }));
    expect(byType({ id: 1, type: 'a' })).not.toBe(byType({ id: 1, type: 'b' }));
    const byId = colouring(['a', 'a']);
    expect(byId({ id: 1, type: 'a' })).not.toBe(byId({ id: 2, type: 'a' }));
  });
});
