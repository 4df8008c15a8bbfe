import { compareRanked } from '../core/ranking.ts';
import { RandomStream } from '../core/random.ts';
import type {
  Answer,
  Candidate,
  Optimizer,
  OptimizerComponent,
  OptimizerContext,
  OptimizerSnapshot,
  StopReason,
} from './contract.ts';
import { Convergence } from './convergence.ts';
import { move } from './particle-swarm/move.ts';
import {
  particleSwarmSchema,
  resolveParticleSwarm,
  type ParticleSwarmOptions,
  type ResolvedParticleSwarmOptions,
} from './particle-swarm/options.ts';
import { finite, SnapshotReader, SnapshotWriter } from './snapshot.ts';
import { type Evaluated, evaluatedFrom, loadEvaluated, saveEvaluated, Trials } from './trials.ts';

export type { ParticleSwarmOptions } from './particle-swarm/options.ts';

const TYPE = 'particle-swarm';
const VERSION = 1;

export const particleSwarm: OptimizerComponent<ParticleSwarmOptions> = {
  name: TYPE,
  summary:
    'the standard particle swarm of 2011: many points at once that keep moving, for rugged functions and many workers',
  options: particleSwarmSchema,
  create: (options, context) => new ParticleSwarm(options, context),
};

/**
 * SPSO-2011 with all particles moving at once.
 *
 * The standard moves one particle after the other, each with what the one before found; here a whole swarm is evaluated in parallel and
 * then learns, so the order of answers cannot matter. The first particle begins at the start, the others anywhere. An injected point
 * takes the place of the worst of the particles' best points, if it is better, at the end of the move.
 *
 * @see Clerc (2012), Standard particle swarm optimisation, HAL hal-00764996
 * @see Zambrano-Bigiarini, Clerc, Rojas (2013), Standard particle swarm optimisation 2011 at CEC-2013, CEC 2013, 2337-2344
 */
class ParticleSwarm implements Optimizer {
  readonly type = TYPE;
  readonly dimension: number;
  readonly batchSize: number;
  readonly #options: ResolvedParticleSwarmOptions;
  #random: RandomStream;
  /** Where the particles are. */
  #trials = new Trials(TYPE);
  #velocities: readonly Float64Array[];
  /** The best point of each particle; none before the first answers. */
  #memories: Evaluated[] = [];
  /** Whom each particle informs, `informants` places of the swarm each. */
  #links: Float64Array;
  #convergence: Convergence;
  #injected: Evaluated | undefined;
  #stopReason: StopReason | undefined;

  constructor(options: ParticleSwarmOptions, { dimension, start, random }: OptimizerContext) {
    this.dimension = dimension;
    this.#options = resolveParticleSwarm(options);
    this.batchSize = this.#options.swarmSize;
    this.#random = random;
    this.#convergence = new Convergence(this.#options);
    const particles = Array.from({ length: this.batchSize }, (_, i) =>
      i === 0 ? start.slice() : start.map(() => random.uniform()),
    );
    this.#trials.begin(particles);
    // v uniform in [min - x, max - x]
    this.#velocities = particles.map((x) => x.map((value) => random.uniform() - value));
    this.#links = this.#link();
  }

  get stopReason(): StopReason | undefined {
    return this.#stopReason;
  }

  ask(limit: number): readonly Candidate[] {
    return this.#trials.ask(limit);
  }

  tell(answers: readonly Answer[]): void {
    if (!this.#trials.tell(answers)) return;
    const particles = this.#trials.evaluated();
    const before = this.#memories[bestOf(this.#memories)];
    if (before) {
      for (const [i, particle] of particles.entries())
        if (compareRanked(particle, this.#memories[i]!) < 0) this.#memories[i] = particle;
    } else this.#memories = [...particles];
    this.#takeInjected();
    const best = this.#memories[bestOf(this.#memories)]!;
    if (before && compareRanked(best, before) >= 0) this.#links = this.#link();
    this.#stopReason = this.#convergence.judge(this.#memories);
    if (!this.#stopReason) this.#move(particles);
  }

  inject(x: Float64Array, fx: number): void {
    const point = evaluatedFrom(x, fx);
    if (point && (!this.#injected || fx < this.#injected.fx)) this.#injected = point;
  }

  #takeInjected(): void {
    const injected = this.#injected;
    this.#injected = undefined;
    const worst = this.#memories.reduce((w, m, i) => (compareRanked(m, this.#memories[w]!) > 0 ? i : w), 0);
    if (injected && compareRanked(injected, this.#memories[worst]!) < 0) this.#memories[worst] = injected;
  }

  #move(particles: readonly Evaluated[]): void {
    const told = this.#informed();
    const moved = particles.map(({ x }, i) => {
      const best = told[i] === i ? undefined : this.#memories[told[i]!]!.x;
      return move(x, this.#velocities[i]!, this.#memories[i]!.x, best, this.#options, this.#random);
    });
    this.#velocities = moved.map(({ velocity }) => velocity);
    this.#trials.begin(moved.map(({ x }) => x));
  }

  /** For each particle the one whose best point is the best that it was told of, of equals the first; itself if there is no better. */
  #informed(): readonly number[] {
    const { informants } = this.#options;
    const best = this.#memories.map((_, i) => i);
    for (const [link, to] of this.#links.entries()) {
      const from = Math.floor(link / informants);
      if (compareRanked(this.#memories[from]!, this.#memories[best[to]!]!) < 0) best[to] = from;
    }
    return best;
  }

  /** Uniform over the swarm, with repetition. */
  #link(): Float64Array {
    const { swarmSize, informants } = this.#options;
    return Float64Array.from({ length: swarmSize * informants }, () => this.#random.integer(swarmSize));
  }

  snapshot(): OptimizerSnapshot {
    const writer = new SnapshotWriter();
    writer.put('dimension', this.dimension);
    writer.put('informants', this.#options.informants);
    writer.put('random', this.#random.state);
    writer.stop(this.#stopReason);
    this.#trials.save(writer);
    for (const velocity of this.#velocities) writer.numbers(velocity);
    saveEvaluated(writer, 'memories', this.#memories);
    writer.numbers(this.#links);
    this.#convergence.save(writer);
    saveEvaluated(writer, 'injected', this.#injected ? [this.#injected] : []);
    return writer.finish(TYPE, VERSION);
  }

  restore(snapshot: OptimizerSnapshot): void {
    const { swarmSize, informants } = this.#options;
    const n = this.dimension;
    const reader = new SnapshotReader(snapshot, TYPE, VERSION);
    reader.integer('dimension', n, n);
    reader.integer('informants', informants, informants);
    const random = new RandomStream(reader.words('random'));
    const stopReason = reader.stop();
    const trials = Trials.load(TYPE, reader, n, swarmSize);
    const velocities = Array.from({ length: swarmSize }, () => reader.numbers('velocities', n, finite));
    const memories = loadEvaluated(reader, 'memories', swarmSize, n);
    const links = reader.numbers(
      'links',
      swarmSize * informants,
      (value) => Number.isInteger(value) && value >= 0 && value < swarmSize,
    );
    const convergence = Convergence.load(reader, this.#options);
    const [injected] = loadEvaluated(reader, 'injected', 1, n);
    reader.end();
    if ((memories.length !== 0 && memories.length !== swarmSize) || trials.isComplete !== Boolean(stopReason))
      throw reader.invalid('has a swarm that does not fit its particles');

    this.#random = random;
    this.#stopReason = stopReason;
    this.#trials = trials;
    this.#velocities = velocities;
    this.#memories = memories;
    this.#links = links;
    this.#convergence = convergence;
    this.#injected = injected;
  }
}

/** The place of the best; of equals the first one; -1 of none. */
function bestOf(list: readonly Evaluated[]): number {
  return list.reduce((best, one, i) => (best < 0 || compareRanked(one, list[best]!) < 0 ? i : best), -1);
}
