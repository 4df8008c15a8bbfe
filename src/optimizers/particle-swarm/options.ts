import { options, type OptionsSchema } from '../../core/options.ts';

/** What may be written under `particle-swarm`. */
export interface ParticleSwarmOptions {
  /**
   * Particles, an integer >= 2, all of which move and are evaluated at once.
   *
   * @default 40
   */
  readonly swarmSize?: number;
  /**
   * How many particles each one informs of its best point, besides itself; drawn anew after every move that brought no better point.
   *
   * @default 3
   */
  readonly informants?: number;
  /**
   * w: how much of its velocity a particle keeps, in [0, 1).
   *
   * @default 1 / (2 ln 2) = 0.721
   */
  readonly inertia?: number;
  /**
   * c: how far a particle is drawn towards its own best point and the best one that it was told of; above 1 beyond them.
   *
   * @default 1/2 + ln 2 = 1.193
   */
  readonly acceleration?: number;
  /**
   * Stops when no coordinate of the particles' best points differs by more than this fraction of the box width; 0: never.
   *
   * @default 1e-11
   */
  readonly tolX?: number;
  /**
   * Stops when the values of the particles' best points lie within this for ten moves in a row; 0: only when all are equal.
   *
   * @default 1e-12
   */
  readonly tolFun?: number;
}

export type ResolvedParticleSwarmOptions = Readonly<Required<ParticleSwarmOptions>>;

const defaults: ResolvedParticleSwarmOptions = {
  swarmSize: 40,
  informants: 3,
  inertia: 1 / (2 * Math.LN2),
  acceleration: 0.5 + Math.LN2,
  tolX: 1e-11,
  tolFun: 1e-12,
};

export const particleSwarmSchema: OptionsSchema = options({
  swarmSize: {
    type: 'integer',
    minimum: 2,
    default: defaults.swarmSize,
    description: 'Particles, all of which move and are evaluated at once.',
  },
  informants: {
    type: 'integer',
    minimum: 1,
    maximum: 1000,
    default: defaults.informants,
    description: 'How many particles each one informs of its best point, besides itself.',
  },
  inertia: {
    type: 'number',
    minimum: 0,
    exclusiveMaximum: 1,
    description: 'How much of its velocity a particle keeps; default 1 / (2 ln 2) = 0.721.',
  },
  acceleration: {
    type: 'number',
    exclusiveMinimum: 0,
    maximum: 4,
    description: 'How far a particle is drawn towards the best points it knows; default 1/2 + ln 2 = 1.193.',
  },
  tolX: {
    type: 'number',
    minimum: 0,
    default: defaults.tolX,
    description:
      "Stops when no coordinate of the particles' best points differs by more than this fraction of the box width; 0: never.",
  },
  tolFun: {
    type: 'number',
    minimum: 0,
    default: defaults.tolFun,
    description:
      "Stops when the values of the particles' best points lie within this for ten moves in a row; 0: only when all are equal.",
  },
});

export function resolveParticleSwarm(given: ParticleSwarmOptions): ResolvedParticleSwarmOptions {
  return { ...defaults, ...given };
}
