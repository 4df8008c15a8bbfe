import { describe, expect, it } from 'vitest';
import type { Optimizer } from '../../src/optimizers/contract.ts';
import { answer, drive, make, rastrigin, rosenbrock, sphere, transported } from './support.ts';

function generation(optimizer: Optimizer, f: (x: Float64Array) => number): number {
  const candidates = optimizer.ask(1000);
  optimizer.tell(candidates.map((candidate) => answer(candidate, f)));
  return candidates.length;
}

describe('shade', () => {
  it('evaluates its start first, and a population in one generation', () => {
    const start = Float64Array.of(0.1, 0.2, 0.3);
    const optimizer = make('shade', { start });
    const candidates = optimizer.ask(1000);
    expect(candidates).toHaveLength(19);
    expect(candidates[0]!.x).toEqual(start);
    expect(optimizer.ask(1)).toEqual([]);
  });

  it.each([1, 2, 3])('solves a function with 10^5 local minima, seed %i', (seed) => {
    const optimizer = make('shade', { dimension: 5, seed });
    expect(drive(optimizer, rastrigin, 12_000, 1e-8).hitAt).toBeLessThan(12_000);
  });

  it.each([1, 2, 3])('solves a curved valley in 10 dimensions, seed %i', (seed) => {
    expect(drive(make('shade', { dimension: 10, seed }), rosenbrock, 40_000, 1e-8).best).toBeLessThan(1e-8);
  });

  it('shrinks its population linearly to four over maxEvaluations, and ends', () => {
    const optimizer = make('shade', { dimension: 4, options: { maxEvaluations: 3000 } });
    let used = 0;
    while (used < 3000) {
      const size = generation(optimizer, rastrigin);
      expect(size).toBe(Math.round(72 - (68 * used) / 3000));
      used += size;
    }
    expect(optimizer.stopReason?.kind).toBe('max-evaluations');
    expect(optimizer.ask(10)).toEqual([]);
  });

  it('solves more with a shrinking population when the budget is known', () => {
    const options = { maxEvaluations: 20_000 };
    const best = drive(make('shade', { dimension: 10, options }), rastrigin, 20_000).best;
    const steady = drive(make('shade', { dimension: 10 }), rastrigin, 4000).best;
    expect(best).toBeLessThan(steady);
    expect(best).toBeLessThan(1e-6);
  });

  it('continues from a snapshot while it shrinks', () => {
    const setup = { dimension: 4, options: { maxEvaluations: 2000 } };
    const original = make('shade', setup);
    for (let i = 0; i < 20; i++) generation(original, rastrigin);
    const copy = make('shade', { ...setup, seed: 9 });
    copy.restore(transported(original.snapshot()));
    for (let i = 0; i < 40; i++) {
      generation(original, rastrigin);
      generation(copy, rastrigin);
    }
    expect(copy.snapshot()).toEqual(original.snapshot());
  });

  it('stops when it has collapsed, or begins anew as often as it may', () => {
    const evaluations = [0, 2].map((restarts) => {
      const optimizer = make('shade', { options: { restarts } });
      const { answers } = drive(optimizer, sphere(), 60_000);
      expect(optimizer.stopReason?.kind).toMatch(/^(collapsed|value-range)$/u);
      return answers.length;
    });
    expect(evaluations[1]).toBeGreaterThan(2 * evaluations[0]!);
  });

  it('learns from an injected point', () => {
    const optimizer = make('shade', { dimension: 10 });
    generation(optimizer, sphere());
    optimizer.inject!(new Float64Array(10).fill(0.3701), 1e-7);
    generation(optimizer, sphere());
    let best = Infinity;
    for (let i = 0; i < 12; i++) {
      const candidates = optimizer.ask(1000);
      const answers = candidates.map((candidate) => answer(candidate, sphere()));
      for (const { fx } of answers) best = Math.min(best, fx);
      optimizer.tell(answers);
    }
    const alone = drive(make('shade', { dimension: 10 }), sphere(), 14 * 40).best;
    expect(best).toBeLessThan(alone / 2);
  });
});
