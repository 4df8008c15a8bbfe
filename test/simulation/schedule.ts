import type { RunConfig } from '../../src/config/run-config.ts';
import { RandomStream } from '../../src/core/random.ts';
import type { Parameter } from '../../src/space/parameter.ts';
import type { Hardship } from './simulated-hosts.ts';

export interface Schedule {
  readonly config: RunConfig;
  readonly hardship: Hardship;
  readonly budget: number;
  /** The run is told to stop after so many steps, as by Ctrl-C. */
  readonly stopAfter: number;
  /** It is paused after so many steps, for so many. */
  readonly pauseAfter: number;
  readonly pauseFor: number;
  /** Of the manager to die, at each step and at each call that writes into the log. */
  readonly death: number;
  /** It is suspended after so many steps. */
  readonly suspendAfter: number;
  /** Whether optimizers are stopped by hand now and then. */
  readonly handStops: boolean;
  /** Once it has ended it goes on with so many evaluations more. */
  readonly extension: number;
}

const TOPOLOGIES = ['none', 'broadcast-best', 'ring', 'fully-connected'] as const;

/** A world drawn from a seed: sizes, rules and misfortunes. In a third of them known points are not evaluated again, and there are few points. */
export function drawSchedule(random: RandomStream, seed: number): Schedule {
  const schedule = drawPlain(random, seed);
  // A stream of its own, so that the rest of a schedule is the same with and without it.
  const own = RandomStream.at(seed, 'simulation/cache');
  if (own.uniform() >= 1 / 3) return schedule;
  const width = 2 + own.integer(15);
  const cache = {
    tolerance: own.uniform() < 0.5 ? 0 : own.uniform() / width,
    charge: own.uniform() < 0.3,
    maxHitsInARow: 1 + own.integer(200),
  };
  const parameters = schedule.config.parameters.map((parameter): Parameter =>
    parameter.kind === 'free' ? { ...parameter, type: 'integer', min: -width, max: width } : parameter,
  );
  return { ...schedule, config: { ...schedule.config, parameters, cache } };
}

function drawPlain(random: RandomStream, seed: number): Schedule {
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
    death: random.uniform() < 0.5 ? 0 : 0.01 * random.uniform(),
    suspendAfter: random.uniform() < 0.2 ? random.integer(2000) : Infinity,
    handStops: true,
    extension: random.uniform() < 0.2 ? 1 + random.integer(100) : 0,
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
      task: { kind: 'benchmark', name: 'sphere', options: { dimension: 2 } },
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
        reproducible: random.uniform() < 0.4,
        ...(random.uniform() < 0.5 ? { roundEvaluations: 1 + random.integer(20) } : {}),
        allowTimed: false,
        seed,
      },
      checkpoints: {
        ...(random.uniform() < 0.3 ? { everyEvaluations: 1 + random.integer(50) } : {}),
        ...(random.uniform() < 0.3 ? { everySeconds: 0.1 + random.uniform() } : {}),
        atStart: random.uniform() < 0.2,
        atEnd: random.uniform() < 0.2,
        keep: 1 + random.integer(3),
        name: 'mark-{n}',
      },
    },
  };
}
