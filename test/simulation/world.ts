import { setImmediate } from 'node:timers/promises';
import { RandomStream } from '../../src/core/random.ts';
import type { RunResult } from '../../src/log/figures.ts';
import { Run } from '../../src/manager/run.ts';
import { CheckedLog } from './checked-log.ts';
import { drawSchedule, type Schedule } from './schedule.ts';
import { SimulatedHosts } from './simulated-hosts.ts';
import { VirtualClock } from './virtual-clock.ts';

/** So often a manager dies in one run, so that the run comes to an end. */
const MOST_DEATHS = 10;

/** A run in a simulated world, with all its sessions. */
export interface Simulated {
  readonly log: CheckedLog;
  readonly schedule: Schedule;
  /** All that may be evaluated, with what was added afterwards. */
  readonly budget: number;
  readonly outcome: RunResult | Error;
  readonly deaths: number;
  readonly sessions: number;
  readonly liveHosts: number;
  /** Evaluations that were started, in all sessions. */
  readonly started: number;
}

/** @param change of the schedule that the seed gives */
export async function simulate(
  seed: number,
  change: (schedule: Schedule) => Schedule = (schedule) => schedule,
): Promise<Simulated> {
  const random = RandomStream.at(seed, 'simulation');
  const schedule = change(drawSchedule(random, seed));
  const log = new CheckedLog();
  let { budget } = schedule;
  let deaths = 0;
  let sessions = 0;
  let started = 0;
  let now = 0;
  for (;;) {
    const clock: VirtualClock = new VirtualClock(now);
    const hosts = new SimulatedHosts(
      clock,
      random,
      schedule.hardship,
      log,
      schedule.config.manager.maxJobs,
      budget,
    );
    log.revive();
    const mayDie = deaths < MOST_DEATHS;
    log.mayCrash = () => mayDie && random.uniform() < schedule.death;
    const outcome = await session(seed, random, schedule, { clock, log, hosts, budget, index: sessions });
    sessions++;
    now = clock.elapsed();
    started += hosts.started;
    if (outcome === 'died') {
      deaths++;
      continue;
    }
    if (!(outcome instanceof Error)) {
      if (outcome.isSuspended) continue;
      if (schedule.extension > 0 && budget === schedule.budget) {
        budget += schedule.extension;
        continue;
      }
    }
    return { log, schedule, budget, outcome, deaths, sessions, liveHosts: hosts.liveHosts, started };
  }
}

interface SessionWorld {
  readonly clock: VirtualClock;
  readonly log: CheckedLog;
  readonly hosts: SimulatedHosts;
  readonly budget: number;
  readonly index: number;
}

/** From the start of one manager to its end, or to its death. */
async function session(
  seed: number,
  random: RandomStream,
  { config, stopAfter, pauseAfter, pauseFor, suspendAfter, death, handStops }: Schedule,
  { clock, log, hosts, budget, index }: SessionWorld,
): Promise<RunResult | Error | 'died'> {
  const ended: (RunResult | Error)[] = [];
  const run = begin();
  if (run === 'died') return run;
  void run.start().then(
    (result) => ended.push(result),
    (error: Error) => ended.push(error),
  );
  for (let step = 0; ended.length === 0; step++) {
    if (step > 500_000) throw new Error(`seed ${seed}: the run does not end`);
    if (index === 0) {
      if (step === pauseAfter) run.pause('simulated pause');
      if (step === pauseAfter + pauseFor) run.unpause('simulated pause');
      if (step === stopAfter) run.stop('simulated Ctrl-C');
      if (step === suspendAfter) run.suspend('simulated job limit');
    } else if (step === pauseFor) run.unpause('simulated pause');
    if (handStops && step % 97 === seed % 97 && random.uniform() < 0.5)
      run.stopOptimizer(1 + random.integer(12), 'simulated');
    if (log.mayCrash()) log.die();
    if (log.isDead) return 'died';
    if (!clock.step()) {
      // The end reaches us some microtasks after the last thing happened.
      await setImmediate();
      if (log.isDead) return 'died';
      if (ended.length === 0)
        throw new Error(`seed ${seed}: nothing is left to happen, and the run has not ended`);
      break;
    }
    if (log.isDead) return 'died';
    hosts.checkCredits();
    // Loading a task is asynchronous; a microtask or two must get their turn.
    await Promise.resolve();
  }
  return death > 0 && log.isDead ? 'died' : ended[0]!;

  function begin(): Run | 'died' {
    const facts = log.facts();
    const isExtended = Number(facts['budget']) < budget;
    const isResumed = log.events().length > 0;
    const stop = { any: [{ name: 'max-evaluations', options: { evaluations: budget } }] };
    try {
      log.set({ status: 'running', ...(isResumed ? {} : { budget }) });
      return new Run(
        { ...config, stop },
        { clock, log, launcher: hosts, runDir: 'nowhere' },
        isResumed
          ? {
              secondsBefore: Number(facts['overallSeconds'] ?? 0),
              changes: isExtended ? ['budget'] : [],
              isSnapshotOnly: false,
              writtenBy: 'the simulation',
              identity: { budget },
            }
          : undefined,
      );
    } catch (error) {
      if (log.isDead) return 'died';
      throw error;
    }
  }
}
