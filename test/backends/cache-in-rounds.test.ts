import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { statusOf } from '../../src/backends/batch.ts';
import type { Evaluator, EvaluatorSetup } from '../../src/backends/evaluators/contract.ts';
import { OptimizerHost } from '../../src/backends/optimizer-host.ts';
import {
  type HostBatch,
  type HostMessage,
  type KnownRows,
  PROTOCOL_VERSION,
} from '../../src/backends/protocol.ts';
import { RandomStream } from '../../src/core/random.ts';
import type { Parameter } from '../../src/space/parameter.ts';
import { VirtualClock } from '../simulation/virtual-clock.ts';

const PARAMETERS: readonly Parameter[] = ['a', 'b'].map((name) => ({
  name,
  kind: 'free',
  type: 'integer',
  scale: 'linear',
  min: 0,
  max: 5,
}));
const QUOTA = 8;
const ROUNDS = 6;

const valueOf = (x: Float64Array): number => x[0]! + 10 * x[1]!;

function knownRows(firstCall: number, random: RandomStream): KnownRows {
  const x = Float64Array.from({ length: 8 }, () => random.integer(6));
  return {
    callIds: Float64Array.from({ length: 4 }, (_, i) => firstCall + i),
    x,
    fx: Float64Array.from({ length: 4 }, (_, i) => valueOf(x.subarray(2 * i, 2 * i + 2))),
    violations: new Float64Array(4),
    extras: new Map(),
  };
}

interface Seen {
  readonly candidate: number;
  readonly x: readonly number[];
  readonly fx: number;
  readonly counted: number;
  readonly attempts: number;
}

/** Rounds of one optimizer, whose evaluations take random times, and which is told at random times what others evaluated. */
async function play(workers: number, charge: boolean, times: RandomStream): Promise<readonly Seen[][]> {
  const clock = new VirtualClock();
  const seen: Seen[][] = [];
  let acknowledged = 0;
  const state = { isReady: false, hasEnded: false };
  let round = 0;
  let rows: Seen[] = [];
  const take = ({ sequence, rows: batch, end }: HostBatch): void => {
    acknowledged = sequence;
    state.hasEnded = end !== undefined;
    for (let row = 0; row < batch.count; row++) {
      expect(statusOf(batch, row)).toBe('ok');
      rows.push({
        candidate: batch.candidateIds[row]!,
        x: [...batch.x.subarray(2 * row, 2 * row + 2)],
        fx: batch.fx[row]!,
        counted: batch.counted[row]!,
        attempts: batch.attempts[row]!,
      });
    }
    const counted = rows.reduce((sum, one) => sum + one.counted, 0);
    if (counted === QUOTA || end) {
      seen.push(rows.toSorted((a, b) => a.candidate - b.candidate));
      rows = [];
      begin();
    } else control();
  };
  const host = new OptimizerHost({
    clock,
    createEvaluator: async (setup) => evaluator(setup),
    send: (message: HostMessage) => {
      if (message.type === 'ready') state.isReady = true;
      clock.soon(() => {
        if (message.type === 'batch') take(message.batch);
        else if (message.type === 'ready') begin();
      });
    },
    close: () => {},
  });
  function begin(): void {
    round++;
    control();
    // What others did in a round is told in the course of it, and again for the next one.
    const news = knownRows(1000 * round, RandomStream.at(1, 'news', round));
    clock.after(20 * times.uniform(), () => {
      host.receive({ type: 'known', rows: news });
    });
  }
  function control(): void {
    if (round > ROUNDS) return;
    const known =
      round > 1 ? knownRows(1000 * (round - 1), RandomStream.at(1, 'news', round - 1)) : undefined;
    host.receive({
      type: 'control',
      granted: QUOTA * round,
      revocation: 0,
      acknowledged,
      finish: 'no',
      save: 0,
      round: { number: round, quota: QUOTA, injections: [], ...(known ? { known } : {}) },
    });
  }
  function evaluator({ onFinished }: EvaluatorSetup): Evaluator {
    let busy = 0;
    return {
      get room() {
        return workers - busy;
      },
      get demand() {
        return workers - busy;
      },
      submit: (jobs) => {
        for (const job of jobs) {
          busy++;
          clock.after(10 * times.uniform(), () => {
            busy--;
            const outcome = { status: 'ok', fx: valueOf(job.x) } as const;
            onFinished([{ ...job, outcome, startedAt: 0, durationMs: 1, attempts: 1, worker: 'test' }]);
          });
        }
      },
      withdraw: () => {},
      cancel: () => {},
      [Symbol.asyncDispose]: async () => {},
    };
  }
  host.receive({
    type: 'assign',
    protocol: PROTOCOL_VERSION,
    assignment: {
      worker: 'test',
      optimizerId: 1,
      optimizer: { type: 'cma-es', workers: 1, options: { populationSize: 6 } },
      plugins: [],
      start: Float64Array.of(0.5, 0.5),
      seed: 1,
      parameters: PARAMETERS,
      constraints: [],
      task: { kind: 'benchmark', name: 'sphere', options: { dimension: 2 } },
      onFailure: { kind: 'worst' },
      evaluator: { kind: 'inline', workers, retries: 0 },
      pace: 'rounds',
      cache: { tolerance: 0, charge, maxHitsInARow: 50, known: knownRows(1, RandomStream.at(1, 'news')) },
    },
  });
  // The optimizer is loaded and made in real time.
  while (!state.isReady) await setImmediate();
  while (!state.hasEnded && seen.length < ROUNDS && clock.step()) await Promise.resolve();
  return seen;
}

describe.each([false, true])('rounds of an optimizer with a cache (charge: %s)', (charge) => {
  it('have the same hits, however long evaluations take, how many run at once, and whenever others tell', async () => {
    const first = await play(1, charge, RandomStream.at(0, 'times'));
    const rows = first.flat();
    expect(rows.filter(({ attempts }) => attempts === 0).length).toBeGreaterThan(10);
    expect(rows.filter(({ attempts }) => attempts > 0).length).toBeGreaterThan(10);
    expect(rows.every(({ attempts, counted }) => counted === (attempts > 0 || charge ? 1 : 0))).toBe(true);
    for (let seed = 1; seed <= 20; seed++)
      expect(await play(1 + (seed % 7), charge, RandomStream.at(seed, 'times'))).toEqual(first);
  });
});
