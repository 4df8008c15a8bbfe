import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../src/core/random.ts';
import { Distribution } from '../../../src/optimizers/cma-es/distribution.ts';
import { Generation } from '../../../src/optimizers/cma-es/generation.ts';
import { outcomeOf } from '../../../src/optimizers/cma-es/outcome.ts';
import { parametersFor } from '../../../src/optimizers/cma-es/parameters.ts';
import { ONCE } from '../../../src/optimizers/cma-es/plan.ts';
import { bestStepSize, PopulationSize } from '../../../src/optimizers/cma-es/population.ts';
import { Updater } from '../../../src/optimizers/cma-es/update.ts';

/** Squared lengths of the path after the first 20 generations of one size. */
function lengths(n: number, lambda: number, isDiagonal: boolean, f: (x: Float64Array) => number): number[] {
  const random = RandomStream.at(1, 'test/population');
  const parameters = parametersFor(n, lambda, isDiagonal);
  const limits = { steps: Array.from({ length: n }, () => 0), greatest: 1 / 3 };
  const distribution = new Distribution(parameters, limits, new Float64Array(n).fill(0.5), 1e-9);
  const generation = new Generation(parameters);
  const updater = new Updater(parameters);
  const size = new PopulationSize(parameters, lambda);
  return Array.from({ length: 300 }, (_, g) => {
    generation.start(1 + g * lambda, ONCE);
    for (let i = 0; i < lambda; i++)
      generation.batch.record({
        id: 1 + g * lambda + i,
        x: new Float64Array(0),
        fx: f(generation.next(distribution, random)),
      });
    const outcome = outcomeOf(generation.values());
    updater.update(distribution, generation.rank(outcome, lambda, distribution, undefined), (move) => {
      size.follow(move, distribution.shape, parameters);
    });
    return size.squaredLength;
  }).slice(20);
}

const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;

describe('the path of the distribution', () => {
  it.each([
    [5, 10, false],
    [10, 40, false],
    [10, 160, false],
    [10, 20, true],
    [40, 15, false],
  ])(
    'is as long as that of a random walk when ranks are drawn, n = %i, lambda = %i',
    (n, lambda, isDiagonal) => {
      const random = RandomStream.at(2, 'test/population');
      const length = mean(lengths(n, lambda, isDiagonal, () => random.normal()));
      expect(length).toBeGreaterThan(0.8);
      expect(length).toBeLessThan(1.25);
    },
  );

  it('is longer where the mean goes on in one direction', () => {
    // Before the steps are as wide as the box.
    expect(mean(lengths(10, 10, false, (x) => x[0]!).slice(0, 30))).toBeGreaterThan(2);
  });
});

const at = (lambda: number): number => bestStepSize(parametersFor(100, lambda));

describe('the best step size', () => {
  it('grows with the population as mu_eff does, until that is as large as the dimension', () => {
    expect(at(20) / at(10)).toBeGreaterThan(1.7);
    expect(at(2000) / at(1000)).toBeLessThan(1.1);
  });
});
