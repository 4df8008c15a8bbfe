import { compareRanked, type Ranked } from '../../core/ranking.ts';
import type { RandomStream } from '../../core/random.ts';
import type { StopReason } from '../contract.ts';
import { Convergence } from '../convergence.ts';
import { finite, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts';
import type { StagedAlgorithm } from '../staged.ts';
import {
  anywhere,
  type Evaluated,
  evaluatedFrom,
  loadEvaluated,
  loadPoints,
  saveEvaluated,
  savePoints,
} from '../evaluated.ts';
import { move } from './move.ts';
import type { ResolvedParticleSwarmOptions } from './options.ts';

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
export class ParticleSwarm implements StagedAlgorithm {
  readonly #options: ResolvedParticleSwarmOptions;
  readonly #random: RandomStream;
  /** Where the particles are. */
  #places: readonly Float64Array[];
  #velocities: readonly Float64Array[];
  /** The best point of each particle; none before the first answers. */
  #memories: Evaluated[] = [];
  /** Whom each particle informs, `informants` places of the swarm each. */
  #links: Float64Array;
  #convergence: Convergence;
  #injected: Evaluated | undefined;
  #stopReason: StopReason | undefined;

  private constructor(
    options: ResolvedParticleSwarmOptions,
    random: RandomStream,
    places: readonly Float64Array[],
    velocities: readonly Float64Array[],
    links: Float64Array,
  ) {
    this.#options = options;
    this.#random = random;
    this.#places = places;
    this.#velocities = velocities;
    this.#links = links;
    this.#convergence = new Convergence(options);
  }

  static begin(
    options: ResolvedParticleSwarmOptions,
    start: Float64Array,
    random: RandomStream,
  ): ParticleSwarm {
    const places = [start.slice(), ...anywhere(options.swarmSize - 1, start.length, random)];
    // v uniform in [min - x, max - x]
    const velocities = places.map((x) => x.map((value) => random.uniform() - value));
    return new ParticleSwarm(options, random, places, velocities, drawLinks(options, random));
  }

  get stopReason(): StopReason | undefined {
    return this.#stopReason;
  }

  points(): readonly Float64Array[] {
    return this.#stopReason ? [] : this.#places;
  }

  advance(particles: readonly Evaluated[]): void {
    const before = this.#memories[bestOf(this.#memories)];
    if (before) {
      for (const [i, particle] of particles.entries())
        if (compareRanked(particle, this.#memories[i]!) < 0) this.#memories[i] = particle;
    } else this.#memories = [...particles];
    this.#takeInjected();
    const best = this.#memories[bestOf(this.#memories)]!;
    if (before && compareRanked(best, before) >= 0) this.#links = drawLinks(this.#options, this.#random);
    this.#stopReason = this.#convergence.judge(this.#memories);
    if (!this.#stopReason) this.#move();
  }

  inject(x: Float64Array, fx: number): void {
    const point = evaluatedFrom(x, fx);
    if (point && (!this.#injected || fx < this.#injected.fx)) this.#injected = point;
  }

  /** A particle remembers the best place that it was at. */
  rival(place: number): Ranked | undefined {
    return this.#memories[place];
  }

  #takeInjected(): void {
    const injected = this.#injected;
    this.#injected = undefined;
    const worst = this.#memories.reduce((w, m, i) => (compareRanked(m, this.#memories[w]!) > 0 ? i : w), 0);
    if (injected && compareRanked(injected, this.#memories[worst]!) < 0) this.#memories[worst] = injected;
  }

  #move(): void {
    const told = this.#informed();
    const moved = this.#places.map((x, i) => {
      const best = told[i] === i ? undefined : this.#memories[told[i]!]!.x;
      return move(x, this.#velocities[i]!, this.#memories[i]!.x, best, this.#options, this.#random);
    });
    this.#velocities = moved.map(({ velocity }) => velocity);
    this.#places = moved.map(({ x }) => x);
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

  save(writer: SnapshotWriter): void {
    writer.put('informants', this.#options.informants);
    savePoints(writer, 'places', this.#places);
    for (const velocity of this.#velocities) writer.numbers(velocity);
    writer.numbers(this.#links);
    writer.stop(this.#stopReason);
    saveEvaluated(writer, 'memories', this.#memories);
    this.#convergence.save(writer);
    saveEvaluated(writer, 'injected', this.#injected ? [this.#injected] : []);
  }

  static load(
    reader: SnapshotReader,
    options: ResolvedParticleSwarmOptions,
    n: number,
    random: RandomStream,
  ): ParticleSwarm {
    const { swarmSize, informants } = options;
    reader.integer('informants', informants, informants);
    const places = loadPoints(reader, 'places', n, swarmSize);
    const velocities = places.map(() => reader.numbers('velocities', n, finite));
    const links = reader.numbers(
      'links',
      swarmSize * informants,
      (value) => Number.isInteger(value) && value >= 0 && value < swarmSize,
    );
    const saved = new ParticleSwarm(options, random, places, velocities, links);
    saved.#stopReason = reader.stop();
    saved.#memories = loadEvaluated(reader, 'memories', swarmSize, n);
    saved.#convergence = Convergence.load(reader, options);
    [saved.#injected] = loadEvaluated(reader, 'injected', 1, n);
    const count = saved.#memories.length;
    if (count !== swarmSize && (count > 0 || saved.#stopReason))
      throw reader.invalid('has a swarm that does not fit its particles');
    return saved;
  }
}

/** Uniform over the swarm, with repetition. */
function drawLinks(
  { swarmSize, informants }: ResolvedParticleSwarmOptions,
  random: RandomStream,
): Float64Array {
  return Float64Array.from({ length: swarmSize * informants }, () => random.integer(swarmSize));
}

/** The place of the best; of equals the first one; -1 of none. */
function bestOf(list: readonly Evaluated[]): number {
  return list.reduce((best, one, i) => (best < 0 || compareRanked(one, list[best]!) < 0 ? i : best), -1);
}
