import { describe, expect, it } from 'vitest';
import { ellipsoid, drive, make, rastrigin, rosenbrock, sphere, startAt, type Objective } from './support.ts';

/** BBOB's oscillation of one coordinate (Hansen et al. 2009, Real-parameter black-box optimization benchmarking: definitions, T_osz). */
function oscillated(u: number): number {
  if (u === 0) return 0;
  const log = Math.log(Math.abs(u));
  const [c1, c2] = u > 0 ? [10, 7.9] : [5.5, 3.1];
  return Math.sign(u) * Math.exp(log + 0.049 * (Math.sin(c1 * log) + Math.sin(c2 * log)));
}

/** After BBOB f3 (asymmetric, T_asy) and f4 (ten times as steep to one side in every other coordinate), on [-5, 5]^n, least value 0. */
const bbob =
  (isSkewed: boolean) =>
  (x: Float64Array): number =>
    x.reduce((sum, place, i) => {
      const share = i / Math.max(1, x.length - 1);
      const u = oscillated(10 * place - 5 - (((i * 37) % 70) / 10 - 3.5));
      const factor = 10 ** (share / 2) * (isSkewed && u > 0 && i % 2 === 0 ? 10 : 1);
      const z = factor * (!isSkewed && u > 0 ? u ** (1 + 0.2 * share * Math.sqrt(u)) : u);
      return sum + 10 - 10 * Math.cos(2 * Math.PI * z) + z * z;
    }, 0);

describe('step', () => {
  it.each([
    ['Rastrigin', rastrigin, 150],
    ['BBOB f3', bbob(false), 400],
    ['BBOB f4', bbob(true), 600],
    ['an ellipsoid of condition 10^6', ellipsoid, 20],
    ['a sphere', sphere(), 10],
  ])('solves %s in 20 dimensions to 1e-8 with few evaluations a dimension', (_, f, each) => {
    for (const seed of [1, 2, 3]) {
      const run = drive(make('step', { dimension: 20, seed }), f, 20 * 1000, 1e-8);
      expect(run.hitAt).toBeLessThan(20 * each);
    }
  });

  it('stops when no coordinate has an easy interval left, and says so', () => {
    const optimizer = make('step', { dimension: 5 });
    const { answers, best } = drive(optimizer, rastrigin);
    expect(best).toBeLessThan(1e-9);
    expect(optimizer.stopReason?.kind).toBe('converged');
    expect(answers.length).toBeLessThan(5 * 500);
  });

  it.each([5, 20])('finds out soon that a function of %i coordinates is not separable', (dimension) => {
    for (const seed of [1, 2, 3]) {
      const optimizer = make('step', { dimension, seed });
      const { answers } = drive(optimizer, rosenbrock);
      expect(optimizer.stopReason?.kind).toBe('not-separable');
      expect(answers.length).toBeLessThan(10 * dimension);
    }
  });

  it('sees a small part that is not separable', () => {
    const optimizer = make('step', { dimension: 5 });
    drive(optimizer, (x) => sphere()(x) + 0.05 * x[0]! * x[1]!);
    expect(optimizer.stopReason?.kind).toBe('not-separable');
  });

  it('does not take a single failure of the combined point for an answer', () => {
    let failures = 0;
    const once: Objective = (x) => {
      const changed = x.filter((place, i) => place !== startAt(1, 5)[i]).length;
      if (changed === 5 && failures === 0) {
        failures++;
        return NaN;
      }
      return rastrigin(x);
    };
    expect(drive(make('step', { dimension: 5 }), once, 5000, 1e-8).best).toBeLessThan(1e-8);
  });

  it('searches integers over their values, none twice', () => {
    const best = [17, 3, 0];
    const f: Objective = (x) =>
      x.reduce((sum, place, i) => {
        const value = Math.floor(place * [50, 8, 2][i]!);
        return sum + Math.abs(value - best[i]!) + 3 * Math.sin(value - best[i]!) ** 2;
      }, 0);
    const optimizer = make('step', { steps: [50, 8, 2] });
    const { answers } = drive(optimizer, f);
    expect(Math.min(...answers.map(({ fx }) => fx))).toBe(0);
    expect(answers.length).toBeLessThan(90);
    for (const { x } of answers)
      for (const [i, place] of x.entries()) expect((place * [50, 8, 2][i]!) % 1).toBeCloseTo(0.5, 9);
  });

  it('begins at the best of a few points when the start has no value', () => {
    const optimizer = make('step', { start: Float64Array.of(0.1, 0.5, 0.5) });
    expect(drive(optimizer, (x) => (x[0]! < 0.3 ? NaN : rastrigin(x))).best).toBeLessThan(1e-8);
  });

  it('stops when there is no feasible point', () => {
    const optimizer = make('step');
    drive(optimizer, () => ({ fx: 1, violation: 1 }));
    expect(optimizer.stopReason?.kind).toBe('no-base');
  });
});
