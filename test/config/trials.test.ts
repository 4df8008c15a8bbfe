import { describe, expect, it } from 'vitest';
import { resolveInput } from '../../src/config/input.ts';
import { load, refusal, TASK } from './support.ts';

describe('components that do not fit the rest of the configuration', () => {
  it.each([
    [
      'optimizers: { selector: { chain: { thresholds: [5] } }, use: [random, sobol, grid] }',
      '2:34 optimizers.selector.chain: chain needs one threshold fewer than there are optimizer types: 2, got 1',
    ],
    [
      'optimizers: { selector: { chain: [5] }, use: [random, sobol, grid] }',
      '2:34 optimizers.selector.chain: chain needs one threshold fewer than there are optimizer types: 2, got 1',
    ],
    [
      'optimizers: { selector: { share: { weights: [1] } }, use: [random, sobol] }',
      '2:34 optimizers.selector.share: share needs one weight for each optimizer type: 2, got 1',
    ],
    [
      'generator: { single-point: { point: { b: 1 } } }',
      '2:28 generator.single-point: b is not a free parameter (there are x1, x2)',
    ],
    [
      'generator: { perturbation: { point: { x1: 1000 } } }',
      '2:28 generator.perturbation: x1: expected a number in [-5.12, 5.12], got 1000',
    ],
    [
      'generator: cluster-hopping',
      '2:12 generator.cluster-hopping: cluster-hopping takes 3 parameters for a particle, on linear scales; there are 2 free ones',
    ],
    [
      'optimizers: [random, { bfgs: { generator: { single-point: { point: { b: 1 } } } } }]',
      '2:59 optimizers[1].bfgs.generator.single-point: b is not a free parameter (there are x1, x2)',
    ],
  ])('are told where they stand: %s', async (text, line) => {
    expect(await refusal(`${TASK}${text}`)).toEqual([`c.yaml:${line}`]);
  });

  it('are told with all other mistakes', async () => {
    const text = `${TASK}optimizers:
  selector: { chain: [5] }
  use: [random, { grid: { perside: 2 } }, { sobol: { generator: { single-point: { point: { a: 1, x2: 6 } } } } }]
generator: { perturbation: { point: { b: 1 } } }
manager: { maxJobs: 0 }`;
    expect(await refusal(text)).toEqual([
      'c.yaml:3:22 optimizers.selector.chain: chain needs one threshold fewer than there are optimizer types: 2, got 1',
      expect.stringMatching(/^c\.yaml:4:27 optimizers\.use\[1\]\.grid\.perside: unknown option/),
      'c.yaml:4:81 optimizers.use[2].sobol.generator.single-point: a is not a free parameter (there are x1, x2); x2: expected a number in [-5.12, 5.12], got 6',
      'c.yaml:5:28 generator.perturbation: b is not a free parameter (there are x1, x2)',
      expect.stringMatching(/^c\.yaml:6:21 manager\.maxJobs: /),
    ]);
  });

  it('are told with the argument that they came from', async () => {
    expect(await refusal(TASK, { sets: ['optimizers.selector.chain=[5]'] })).toEqual([
      '--set optimizers.selector.chain=[5] optimizers.selector.chain: chain needs one threshold fewer than there are optimizer types: 2, got 1',
    ]);
  });

  it('are told of a configuration that was changed after it was read', async () => {
    const config = await load(`${TASK}optimizers: [random, sobol]`);
    const chain = { name: 'chain', options: { thresholds: [5, 6] } };
    const generator = { name: 'single-point', options: { point: { b: 1 } } };
    const [random, sobol] = config.optimizers.use;
    const changed = {
      ...config,
      generator,
      stop: { name: 'max-evaluations', options: { evaluations: 5 } },
      manager: { ...config.manager, reevaluateBest: 5 },
      optimizers: { ...config.optimizers, selector: chain, use: [random!, { ...sobol!, generator }] },
    };
    await expect(resolveInput({ config: changed })).rejects.toThrow(
      [
        'optimizers.selector.chain: chain needs one threshold fewer than there are optimizer types: 1, got 2',
        'optimizers.use[1].sobol.generator.single-point: b is not a free parameter (there are x1, x2)',
        'generator.single-point: b is not a free parameter (there are x1, x2)',
        'manager.reevaluateBest: expected fewer than the 5 evaluations that stop allows, of which these are part, got 5',
      ].join('\n'),
    );
  });

  it('are no mistake of a generator whose task is not known yet', async () => {
    const text = `${TASK}optimizers: { selector: { chain: [5] }, use: [random] }\ngenerator: cluster-hopping`;
    expect(await refusal(text, { isForAnyTask: true })).toEqual([
      'c.yaml:2:34 optimizers.selector.chain: chain needs one threshold fewer than there are optimizer types: 0, got 1',
    ]);
  });
});
