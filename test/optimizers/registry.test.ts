import { describe, expect, it } from 'vitest';
import { optimizers } from '../../src/optimizers/registry.ts';

describe('the registry of optimizers', () => {
  it('lists them by the names that a configuration uses', () => {
    expect(optimizers.names()).toEqual([
      'cma-es',
      'nelder-mead',
      'shade',
      'particle-swarm',
      'dual-annealing',
      'step',
      'random',
      'sobol',
      'latin-hypercube',
      'grid',
      'repeat',
    ]);
  });

  it('describes each and each of its options', () => {
    for (const { summary, options } of optimizers.all()) {
      expect(summary.length).toBeGreaterThan(20);
      for (const { description } of Object.values(options.properties))
        expect(description.length).toBeGreaterThan(20);
    }
  });
});
