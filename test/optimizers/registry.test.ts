import { describe, expect, it } from 'vitest';
import { LOADABLE, loadOptimizer } from '../../src/optimizers/loaders.ts';
import { outsideOptimizers } from '../../src/optimizers/outside/registry.ts';
import { namedOptimizers, optimizers } from '../../src/optimizers/registry.ts';

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

  it('is looked up together with those of other libraries and languages, whose names no plug-in may take', () => {
    expect(outsideOptimizers.names()).toEqual(['nevergrad', 'program', 'pycma', 'scipy']);
    expect(namedOptimizers.names()).toEqual([...optimizers.names(), ...outsideOptimizers.names()].toSorted());
    expect(namedOptimizers.get('scipy').summary).toContain('scipy.optimize');
    expect(() => namedOptimizers.get('sci-py')).toThrow('unknown optimizer sci-py; did you mean scipy?');
    const taken = { ...optimizers.get('random'), name: 'scipy' };
    expect(() => {
      optimizers.addPlugin(taken);
    }).toThrow('the optimizer name scipy is taken; choose another');
  });

  it('describes each and each of its options', () => {
    for (const { summary, options } of namedOptimizers.all()) {
      expect(summary.length).toBeGreaterThan(20);
      for (const { description } of Object.values(options.properties))
        expect(description.length).toBeGreaterThan(20);
    }
  });
});
