import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { RunConfig } from '../../src/config/run-config.ts';
import { RandomStream } from '../../src/core/random.ts';
import type { RunResult } from '../../src/log/figures.ts';
import { Run } from '../../src/manager/run.ts';
import { MemoryLog } from '../simulation/memory-log.ts';
import { type Hardship, SimulatedHosts } from '../simulation/simulated-hosts.ts';
import { VirtualClock } from '../simulation/virtual-clock.ts';

const SCHEDULES = Number(process.env['GLOMPO_SCHEDULES'] ?? 300);

interface Schedule {
  readonly config: RunConfig;
  readonly hardship: Hardship;
  readonly budget: number;
  /** The run is told to stop after so many steps, as by Ctrl-C. */
  readonly stopAfter: number;
  /** It is paused after so many steps, for so many. */
  readonly pauseAfter: number;
  readonly pauseFor: number;
}

const TOPOLOGIES = ['none', 'broadcast-best', 'ring', 'fully-connected'] as const;

/** A world drawn from a seed: sizes, rules and misfortunes. */
function drawSchedule(random: RandomStream, seed: number): Schedule {
  const budget = 1 + random.integer(400);
  const maxJobs = 1 + random.integer(6);
  const isKind = random.uniform() < 0.3;
  const chance = (most: number): number => (isKind || random.uniform() < 0.4 ? 0 : random.uniform() * most);
  const use = ['cma-es', 'nelder-mead', 'random'].map((name) => ({
    name,
    options: name === 'cma-es' ? { populationSize: 4 + random.integer(8) } : {},
    workers: 1 + random.integer(maxJobs),
    evaluate: 'inline' as const,
  }));
  return {
    budget,
    stopAfter: random.uniform() < 0.2 ? random.integer(3000) : Infinity,
    pauseAfter: random.uniform() < 0.3 ? random.integer(500) : Infinity,
    pauseFor: 1 + random.integer(2000),
    hardship: {
      delayMs: random.uniform() * (random.uniform() < 0.5 ? 2 : 300),
      evaluationMs: random.uniform() * (random.uniform() < 0.5 ? 5 : 2000),
      loss: chance(0.2),
      repetition: chance(0.3),
      crash: chance(0.02),
      failure: chance(0.5),
    },
    config: {
      plugins: [],
      task: { kind: 'benchmark', name: 'sphere', dimension: 2 },
      parameters: ['a', 'b'].map((name) => ({
        name,
        kind: 'free',
        type: 'real',
        scale: 'linear',
        min: -5,
        max: 5,
      })),
      constraints: [],
      optimizers: {
        selector: { name: 'cycle', options: {} },
        use,
        spawn: random.uniform() < 0.2 ? { optimizers: 1 + random.integer(20) } : {},
      },
      generator: { name: 'random', options: {} },
      hunters: {
        any: [
          { name: 'best-unmoving', options: { calls: 1 + random.integer(30), tolerance: 0.1 } },
          {
            all: [
              { name: 'evaluations-unmoving', options: { calls: 2 + random.integer(20), tolerance: 0.5 } },
              { name: 'value-annealing', options: { survivalAtTwice: 0.1 } },
            ],
          },
        ],
      },
      stop: { any: [{ name: 'max-evaluations', options: { evaluations: budget } }] },
      manager: {
        maxJobs,
        backend: 'threads',
        huntFrequency: 1 + random.integer(50),
        huntBest: random.uniform() < 0.3,
        shareBest: random.uniform() < 0.5,
        migration: TOPOLOGIES[random.integer(TOPOLOGIES.length)]!,
        ...(random.uniform() < 0.5 ? { migrationFrequency: 1 + random.integer(30) } : {}),
        migrationChance: random.uniform() < 0.5 ? 1 : 0.5,
        migrationAccept: random.uniform() < 0.5 ? 'better' : 'any',
        reevaluateBest: random.uniform() < 0.3 ? Math.min(budget - 1, 1 + random.integer(5)) : 0,
        minimaTolerance: 0.01,
        onFailure: { kind: 'worst' },
        retries: 1,
        containment: 'none',
        aggressiveKill: random.uniform() < 0.3,
        ...(random.uniform() < 0.3 ? { forceTerminationsAfterSeconds: 0.1 + 5 * random.uniform() } : {}),
        endTimeoutSeconds: random.uniform() * 3,
        durability: 'commit',
        logCopySeconds: 60,
        seed,
      },
    },
  };
}

async function simulate(seed: number): Promise<{
  log: MemoryLog;
  hosts: SimulatedHosts;
  budget: number;
  kept: number;
  outcome: RunResult | Error;
}> {
  const random = RandomStream.at(seed, 'simulation');
  const { config, hardship, budget, stopAfter, pauseAfter, pauseFor } = drawSchedule(random, seed);
  const clock = new VirtualClock();
  const log = new MemoryLog();
  const hosts = new SimulatedHosts(clock, random, hardship, log, config.manager.maxJobs, budget);
  const run = new Run(config, { clock, log, launcher: hosts, runDir: 'nowhere' });
  const ended: (RunResult | Error)[] = [];
  void run.start().then(
    (result) => ended.push(result),
    (error: Error) => ended.push(error),
  );
  for (let step = 0; ended.length === 0; step++) {
    if (step > 500_000) throw new Error(`seed ${seed}: the run does not end`);
    if (step === pauseAfter) run.pause('simulated pause');
    if (step === pauseAfter + pauseFor) run.unpause('simulated pause');
    if (step === stopAfter) run.stop('simulated Ctrl-C');
    if (step % 97 === seed % 97 && random.uniform() < 0.5)
      run.stopOptimizer(1 + random.integer(12), 'simulated');
    if (!clock.step()) {
      // The end reaches us some microtasks after the last thing happened.
      await setImmediate();
      if (ended.length === 0)
        throw new Error(`seed ${seed}: nothing is left to happen, and the run has not ended`);
      break;
    }
    hosts.checkCredits();
    // Loading a task is asynchronous; a microtask or two must get their turn.
    await Promise.resolve();
  }
  return { log, hosts, budget, kept: config.manager.reevaluateBest, outcome: ended[0]! };
}

describe('a run in a simulated world of delays, losses, repetitions and crashes', () => {
  it(`keeps every invariant in ${SCHEDULES} schedules`, async () => {
    let whole = 0;
    let rebuilt = 0;
    for (let seed = 1; seed <= SCHEDULES; seed++) {
      const { log, hosts, budget, kept, outcome } = await simulate(seed);
      const about = `seed ${seed}`;
      // Hosts that crash before any evaluation, over and over, end a run with that cause, and nothing else does.
      if (outcome instanceof Error) expect(outcome, about).toMatchObject({ code: 'spawn-failing' });
      else {
        expect(outcome.evaluations, about).toBe(log.rows.length);
        if (outcome.stopReason.startsWith('any(max-evaluations')) {
          // What is kept for the end is not made where no point has a value, or when host after host dies under it.
          expect(log.rows.length, about).toBeGreaterThanOrEqual(budget - kept);
          if (kept === 0) expect(log.rows.length, about).toBe(budget);
          whole++;
        }
      }
      expect(log.rows.length, about).toBeLessThanOrEqual(budget);
      expect(hosts.liveHosts, about).toBe(0);
      // Nothing is overspent: what was started is in the log, or died with its host and is told of.
      expect(hosts.started - log.rows.length, about).toBeGreaterThanOrEqual(0);
      const returned = log.events
        .filter(({ type }) => type === 'credits-lost')
        .map(({ data }) => Number(data['count']));
      expect(hosts.started - log.rows.length, about).toBeLessThanOrEqual(returned.reduce((a, b) => a + b, 0));
      rebuilt += log.events.filter(({ type }) => type === 'host-rebuilt').length;
      for (const [id, { end }] of log.optimizers) expect(end, `${about}, optimizer ${id}`).toBeDefined();
      expect(log.facts.get('status'), about).toBe(outcome instanceof Error ? 'failed' : 'finished');
    }
    // Otherwise the schedules would be too hard to show anything.
    expect(whole).toBeGreaterThan(SCHEDULES / 2);
    expect(rebuilt).toBeGreaterThan(SCHEDULES / 10);
  });

  it('starts nothing while it is paused, once all hosts know, and goes on afterwards', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = RandomStream.at(seed, 'pause');
      const { config: drawn, hardship, budget } = drawSchedule(random, seed);
      const config = { ...drawn, optimizers: { ...drawn.optimizers, spawn: {} } };
      const clock = new VirtualClock();
      const log = new MemoryLog();
      const gentle = { ...hardship, loss: 0, crash: 0 };
      const hosts = new SimulatedHosts(clock, random, gentle, log, config.manager.maxJobs, budget);
      const run = new Run(config, { clock, log, launcher: hosts, runDir: 'nowhere' });
      const results: RunResult[] = [];
      void run.start().then((result) => results.push(result));
      const steps = async (until: () => boolean): Promise<void> => {
        while (!until() && clock.step()) await Promise.resolve();
      };
      await steps(() => log.rows.length >= budget / 3);
      run.pause('test');
      const pausedAt = clock.elapsed();
      // The revocation is there after one delay (a repeated message after two), and what ran has finished.
      await steps(() => clock.elapsed() > pausedAt + 2 * hardship.delayMs + hardship.evaluationMs + 1);
      const { started } = hosts;
      await steps(() => clock.elapsed() > pausedAt + 100_000);
      if (results.length === 0) expect(hosts.started, `seed ${seed}`).toBe(started);
      run.unpause('test');
      await steps(() => results.length > 0);
      expect(results[0]!.evaluations, `seed ${seed}`).toBe(budget);
      expect(log.rows, `seed ${seed}`).toHaveLength(budget);
    }
  });

  it('is the same again for the same seed', async () => {
    for (const seed of [3, 17, 29]) {
      const [first, second] = [await simulate(seed), await simulate(seed)];
      expect(second.log.rows).toEqual(first.log.rows);
      expect(second.log.events).toEqual(first.log.events);
    }
  });
});
