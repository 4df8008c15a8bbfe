import { describe, expect, it } from 'vitest';
import { LOADABLE, loadOptimizer } from '../../src/optimizers/loaders.ts';
import { optimizers } from '../../src/optimizers/registry.ts';

describe('the registry of optimizers', () => {
  it('lists them by the names that a configuration uses', () => {
    expect(optimizers.names()).toEqual([
      'bayesian',
      'bfgs',
      'bobyqa',
      'cma-es',
      'dfo-ls',
      'dual-annealing',
      'grid',
      'l-bfgs-b',
      'latin-hypercube',
      'levenberg-marquardt',
      'nelder-mead',
      'particle-swarm',
      'random',
      'repeat',
      'shade',
      'sobol',
      'step',
    ]);
  });

  it('are those that a host can load one by one', async () => {
    expect([...LOADABLE].toSorted()).toEqual([...optimizers.names()].toSorted());
    for (const name of LOADABLE) expect(await loadOptimizer(name)).toBe(optimizers.get(name));
    expect(await loadOptimizer('none-such')).toBeUndefined();
  });

  it('describes each and each of its options', () => {
    for (const { summary, options } of optimizers.all()) {
      expect(summary.length).toBeGreaterThan(20);
      for (const { description } of Object.values(options.properties))
        expect(description.length).toBeGreaterThan(20);
    }
  });
});
