import { options } from '../core/options.ts';
import { sobolPoint } from '../core/sequences/sobol.ts';
import type { GeneratorComponent } from './contract.ts';

/**
 * Start k is point k of a scrambled Sobol sequence: starts fill the box evenly, however many there will be.
 *
 * @remarks Not in GloMPO.
 */
export const sobol: GeneratorComponent<object> = {
  name: 'sobol',
  summary: 'points of a scrambled Sobol sequence: they fill the box evenly, however many there will be',
  options: options({}),
  create(_options, { dimension, seed }) {
    return {
      generate: ({ optimizerId }) => sobolPoint(optimizerId - 1, dimension, seed, 'generator/sobol'),
    };
  },
};
