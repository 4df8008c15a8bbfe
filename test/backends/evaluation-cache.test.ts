import { describe, expect, it } from 'vitest';
import { EvaluationCache, type Placed } from '../../src/backends/evaluation-cache.ts';
import type { CacheSetup, HostAssignment, KnownRows } from '../../src/backends/protocol.ts';
import type { Parameter } from '../../src/space/parameter.ts';
import { Space } from '../../src/space/space.ts';
import { VirtualClock } from '../simulation/virtual-clock.ts';

const PARAMETERS: readonly Parameter[] = [
  { name: 'a', kind: 'free', type: 'real', scale: 'linear', min: 0, max: 10 },
];
const space = new Space(PARAMETERS);

/** Points of the unit box with their values, by call. */
function rows(...all: readonly (readonly [callId: number, unit: number, fx: number])[]): KnownRows {
  return {
    callIds: Float64Array.from(all, ([callId]) => callId),
    x: Float64Array.from(all, ([, unit]) => space.toTask(Float64Array.of(unit))[0]!),
    fx: Float64Array.from(all, ([, , fx]) => fx),
    violations: new Float64Array(all.length),
    extras: new Map(),
  };
}

function open(
  change: Partial<HostAssignment> = {},
  setup: Partial<CacheSetup> = {},
  streak: readonly number[] = [],
  untold: readonly number[] = [],
  reevaluates = false,
): EvaluationCache {
  const cache = new EvaluationCache(new VirtualClock());
  const assignment: HostAssignment = {
    worker: 'test',
    optimizerId: 1,
    optimizer: { type: 'random', workers: 1, options: {} },
    plugins: [],
    start: Float64Array.of(0.5),
    seed: 1,
    parameters: PARAMETERS,
    constraints: [],
    task: { kind: 'benchmark', name: 'sphere', options: { dimension: 1 } },
    onFailure: { kind: 'worst' },
    evaluator: { kind: 'inline', workers: 1, retries: 0 },
    pace: 'free',
    cache: { tolerance: 0, charge: false, maxHitsInARow: 3, known: rows(), ...setup },
    ...change,
  };
  cache.open(space, assignment, streak, new Set(untold), reevaluates);
  return cache;
}

const queue = (first: number, ...units: readonly number[]): Placed[] =>
  units.map((unit, i) => {
    const x = Float64Array.of(unit);
    return { candidate: { id: first + i, x }, x: space.toTask(x) };
  });
/** Which of some points are known. */
const known = (cache: EvaluationCache, ...units: readonly number[]): readonly number[] =>
  cache.dispatch(queue(1000, ...units), Infinity, Infinity).known.map(({ x }) => x[0]! / 10);

describe('a host’s cache', () => {
  it('gives a known value as an evaluation that took nothing and does not count', () => {
    const cache = open({}, { known: rows([7, 0.25, 3]) });
    const { taken, jobs, known: found, credits } = cache.dispatch(queue(1, 0.25, 0.5), 4, 4);
    expect({ taken, credits, jobs }).toEqual({
      taken: 2,
      credits: 1,
      jobs: [{ candidateId: 2, x: Float64Array.of(5) }],
    });
    expect(found).toEqual([
      {
        candidateId: 1,
        x: Float64Array.of(2.5),
        outcome: { status: 'ok', fx: 3 },
        startedAt: expect.any(Number) as number,
        durationMs: 0,
        attempts: 0,
        worker: 'cache',
        isFree: true,
      },
    ]);
  });

  it('takes credits for known points where they are charged, and no more than there are', () => {
    const cache = open({}, { charge: true, known: rows([1, 0.1, 1], [2, 0.2, 2], [3, 0.3, 3]) });
    const { taken, known: found, credits } = cache.dispatch(queue(1, 0.1, 0.2, 0.3), 1, 2);
    expect({ taken, credits }).toEqual({ taken: 2, credits: 2 });
    expect(found.map(({ isFree }) => isFree)).toEqual([false, false]);
  });

  it('takes up to the first that there is no room for, and known ones without room', () => {
    const cache = open({}, { known: rows([1, 0.1, 1], [2, 0.2, 2]) });
    expect(cache.dispatch(queue(1, 0.1, 0.5, 0.2, 0.6, 0.1), 1, 9)).toMatchObject({ taken: 3, credits: 1 });
  });

  it('ends an optimizer after so many known points in a row, those of an earlier host included', () => {
    const cache = open({}, { known: rows([1, 0.1, 1]) }, [4, 5]);
    expect(cache.dispatch(queue(6, 0.1), 1, 1).taken).toBe(1);
    expect(cache.stopReason).toBeUndefined();
    expect(cache.dispatch(queue(7, 0.1, 0.1, 0.9), 9, 9).taken).toBe(1);
    expect(cache.stopReason).toEqual({ kind: 'repeats', detail: 'its last 3 points were known already' });
    expect(cache.streak).toEqual([4, 5, 6, 7]);
  });

  it('knows an evaluation of its own as soon as the optimizer is told, but no failed one and none that was known from nearby', () => {
    const cache = open({}, { tolerance: 0.01 });
    const [own, failed, near] = queue(1, 0.3, 0.6, 0.307).map(({ candidate }) => candidate) as [
      Candidate,
      Candidate,
      Candidate,
    ];
    cache.told(own, { status: 'ok', fx: 1 }, 1);
    cache.told(failed, { status: 'failed', fx: NaN }, 1);
    cache.told(near, { status: 'ok', fx: 1 }, 0);
    expect(known(cache, 0.309)).toEqual([0.309]);
    expect(known(cache, 0.6)).toEqual([]);
    expect(known(cache, 0.315)).toEqual([]);
  });

  it('is not used by an optimizer that evaluates again on purpose', () => {
    const cache = open({}, { known: rows([1, 0.1, 1]) }, [], [], true);
    expect(known(cache, 0.1)).toEqual([]);
  });

  it('knows at once what others evaluated, also when they told it before it was ready', () => {
    const cache = new EvaluationCache(new VirtualClock());
    cache.receive(rows([1, 0.1, 1]));
    const opened = open();
    opened.receive(rows([2, 0.2, 2]));
    expect(known(opened, 0.2)).toEqual([0.2]);
  });

  describe('in rounds', () => {
    it('learns when a round begins, and not when it is told', () => {
      const cache = open({ pace: 'rounds' });
      cache.receive(rows([1, 0.1, 1]));
      expect(known(cache, 0.1)).toEqual([]);
      cache.beginRound(rows([2, 0.2, 2]));
      expect(known(cache, 0.1, 0.2)).toEqual([0.1, 0.2]);
    });

    it('comes to the same in a host that takes over, whatever of the last ask was evaluated by then', () => {
      const before = open({ pace: 'rounds' });
      before.told(queue(1, 0.1)[0]!.candidate, { status: 'ok', fx: 1 }, 1);
      // 2 was told, 3 was not: it may not be known, as it was not when 4 was asked for.
      const after = open(
        {
          pace: 'rounds',
          past: {
            operations: new Uint8Array(),
            callIds: Float64Array.of(1, 2, 3),
            candidateIds: Float64Array.of(1, 2, 3),
            x: Float64Array.of(1, 1, 3),
            fx: Float64Array.of(1, 1, 3),
            statuses: ['ok', 'ok', 'ok'],
            violations: new Float64Array(3),
            attempts: Uint8Array.of(1, 0, 1),
            extras: new Map([[0, { note: 'here' }]]),
            injected: new Map(),
          },
        },
        {},
        [],
        [3],
      );
      expect(after.streak).toEqual([3]);
      expect(known(before, 0.1, 0.3)).toEqual([0.1]);
      expect(after.dispatch(queue(4, 0.1, 0.3), 9, 9).known).toMatchObject([
        { candidateId: 4, outcome: { fx: 1, extras: { note: 'here' } } },
      ]);
    });
  });
});

interface Candidate {
  readonly id: number;
  readonly x: Float64Array;
}
