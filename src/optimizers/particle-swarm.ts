import type { OptimizerComponent } from './contract.ts';
import {
  particleSwarmSchema,
  resolveParticleSwarm,
  type ParticleSwarmOptions,
} from './particle-swarm/options.ts';
import { ParticleSwarm } from './particle-swarm/swarm.ts';
import { Staged } from './staged.ts';

export type { ParticleSwarmOptions } from './particle-swarm/options.ts';

export const particleSwarm: OptimizerComponent<ParticleSwarmOptions> = {
  name: 'particle-swarm',
  summary:
    'the standard particle swarm of 2011: many points at once that keep moving, for rugged functions and many workers',
  options: particleSwarmSchema,
  create(given, { dimension, start, random }) {
    const options = resolveParticleSwarm(given);
    return new Staged({
      type: 'particle-swarm',
      version: 2,
      dimension,
      batchSize: options.swarmSize,
      random,
      create: (stream) => ParticleSwarm.begin(options, start, stream),
      load: (reader, stream) => ParticleSwarm.load(reader, options, dimension, stream),
    });
  },
};
