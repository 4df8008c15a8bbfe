import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import type { RunResult } from '../../src/log/figures.ts';
import { Run } from '../../src/manager/run.ts';
import { CheckedLog } from '../simulation/checked-log.ts';
import { drawSchedule, type Schedule } from '../simulation/schedule.ts';
import { SimulatedHosts } from '../simulation/simulated-hosts.ts';
import { VirtualClock } from '../simulation/virtual-clock.ts';
import { simulate, type Simulated } from '../simulation/world.ts';

const SCHEDULES = Number(process.env['GLOMPO_SCHEDULES'] ?? 150);
/** A failing seed of a long run can be run alone. */
const FIRST_SEED = Number(process.env['GLOMPO_FIRST_SEED'] ?? 1);

function rows({ log }: Simulated): object[] {
  // When it was is no part of the record.
  return Array.from(log.evaluations(), ({ x, at, ...row }) => ({ ...row, x: x(), at: typeof at }));
}

describe('a run in a simulated world of delays, losses, repetitions and crashes', () => {
  it(`keeps every invariant in ${SCHEDULES} schedules`, async () => {
    let whole = 0;
    let rebuilt = 0;
    let died = 0;
    let resumed = 0;
    let hits = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SCHEDULES; seed++) {
      const { log, schedule, budget, outcome, deaths, liveHosts, sessions, started } = await simulate(seed);
      const kept = schedule.config.manager.reevaluateBest;
      died += deaths;
      const about = `seed ${seed}`;
      // Hosts that crash before any evaluation, over and over, end a run with that cause, and nothing else does.
      if (outcome instanceof Error) expect(outcome, about).toMatchObject({ code: 'spawn-failing' });
      else {
        expect(outcome.evaluations, about).toBe(log.counted);
        if (outcome.stopReason.startsWith('any(max-evaluations')) {
          // What is kept for the end is not made where no point has a value, or when host after host dies under it.
          expect(log.counted, about).toBeGreaterThanOrEqual(budget - kept);
          if (kept === 0) expect(log.counted, about).toBe(budget);
          whole++;
        }
      }
      expect(log.counted, about).toBeLessThanOrEqual(budget);
      expect(liveHosts, about).toBe(0);
      const events = log.events();
      // Nothing is overspent: what was started is in the log, or died with its host and is told of, or with its manager.
      const unlogged = started - (log.rows - log.hits);
      expect(unlogged, about).toBeGreaterThanOrEqual(0);
      if (!schedule.config.cache) expect(log.hits, about).toBe(0);
      hits += log.hits;
      if (sessions === 1) {
        const returned = events
          .filter(({ type }) => type === 'credits-lost')
          .map(({ data }) => Number(data['count']));
        expect(unlogged, about).toBeLessThanOrEqual(returned.reduce((sum, count) => sum + count, 0));
      }
      rebuilt += events.filter(({ type }) => type === 'host-rebuilt').length;
      resumed += sessions - 1;
      for (const { optimizerId, status } of log.optimizers())
        expect(status, `${about}, optimizer ${optimizerId}`).not.toBe('running');
      expect(log.facts()['status'], about).toBe(outcome instanceof Error ? 'failed' : 'finished');
      log.close();
    }
    // Otherwise the schedules would be too hard to show anything.
    expect(whole).toBeGreaterThan(SCHEDULES / 2);
    expect(rebuilt).toBeGreaterThan(SCHEDULES / 10);
    expect(died).toBeGreaterThan(SCHEDULES / 4);
    expect(resumed).toBeGreaterThan(died);
    expect(hits).toBeGreaterThan(10 * SCHEDULES);
  }, 3_600_000);

  it('starts nothing while it is paused, once all hosts know, and goes on afterwards', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = RandomStream.at(seed, 'pause');
      const { config: drawn, hardship, budget } = drawSchedule(random, seed);
      const { cache: _, ...plain } = drawn;
      const config = { ...plain, optimizers: { ...plain.optimizers, spawn: {} } };
      const clock = new VirtualClock();
      const log = new CheckedLog();
      const gentle = { ...hardship, loss: 0, crash: 0 };
      const hosts = new SimulatedHosts(clock, random, gentle, log, config.manager.maxJobs, budget);
      const run = new Run(config, { clock, log, launcher: hosts, runDir: 'nowhere' });
      const results: RunResult[] = [];
      void run.start().then((result) => results.push(result));
      const steps = async (until: () => boolean): Promise<void> => {
        while (!until() && clock.step()) await Promise.resolve();
      };
      await steps(() => log.rows >= budget / 3);
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
      expect(log.rows, `seed ${seed}`).toBe(budget);
    }
  });

  it('is the same again for the same seed', async () => {
    for (const seed of [3, 17, 29]) {
      const [first, second] = [await simulate(seed), await simulate(seed)];
      expect(second.log.events()).toEqual(first.log.events());
      expect(rows(second)).toEqual(rows(first));
    }
  });

  it('has in reproducible mode the same record, however long things take and whatever dies', async () => {
    for (let seed = 1; seed <= SCHEDULES / 40; seed++) {
      const worlds: Simulated[] = [];
      for (const hardship of [0, 1, 2])
        worlds.push(await simulate(seed, (schedule) => reproducible(schedule, hardship)));
      const [kind, ...others] = worlds.map((world) => ({
        rows: rows(world),
        decisions: world.log
          .events()
          .filter((event) => event.kind === 'decision')
          .map((event) => ({ ...event, at: 0 })),
      }));
      for (const [i, other] of others.entries()) expect(other, `seed ${seed}, world ${i + 1}`).toEqual(kind);
      for (const { log } of worlds) log.close();
    }
  }, 3_600_000);
});

/** The same run in a kind world (0), and in harder ones: nobody intervenes, and nothing depends on time. */
function reproducible(schedule: Schedule, hardship: number): Schedule {
  const { forceTerminationsAfterSeconds: _, ...manager } = schedule.config.manager;
  const { delayMs, evaluationMs } = schedule.hardship;
  return {
    ...schedule,
    stopAfter: Infinity,
    pauseAfter: Infinity,
    suspendAfter: hardship === 2 ? 300 : Infinity,
    handStops: false,
    extension: 0,
    death: 0.005 * hardship,
    config: {
      ...schedule.config,
      manager: { ...manager, reproducible: true, retries: 1000, endTimeoutSeconds: 1e6 },
    },
    hardship: {
      ...schedule.hardship,
      delayMs: hardship === 0 ? 0.1 : delayMs,
      evaluationMs: hardship === 0 ? 1 : evaluationMs * hardship,
      loss: 0.1 * hardship,
      crash: 0.01 * hardship,
    },
  };
}
