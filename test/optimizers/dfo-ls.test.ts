import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { dfoLs } from '../../src/optimizers/dfo-ls.ts';
import { make, transported } from './support.ts';
import type { Candidate, Optimizer } from '../../src/optimizers/contract.ts';

type Residuals = (x: Float64Array, id: number) => Float64Array;

const sum = (r: Float64Array): number => r.reduce((total, value) => total + value * value, 0);
const told = ({ id, x }: Candidate, f: Residuals): Candidate & { fx: number; residuals: Float64Array } => {
  const residuals = f(x, id);
  return { id, x, residuals, fx: sum(residuals) };
};

/** Rosenbrock's function as least squares, on [-2, 2]^2. */
const rosenbrock: Residuals = (x) => {
  const [u, v] = [4 * x[0]! - 2, 4 * x[1]! - 2];
  return Float64Array.of(10 * (v - u * u), 1 - u);
};

/** A decay on a background that is measured at twenty times, not without errors. */
const data = Array.from({ length: 20 }, (_, t) => 4 * Math.exp(-0.3 * t) + 1 + 0.1 * Math.sin(37 * t));
const decay: Residuals = (x) =>
  Float64Array.from(data, (y, t) => 10 * x[0]! * Math.exp(-x[1]! * t) + 3 * x[2]! - y);
/** Of the decay, to six digits. */
const LEAST = 0.0864178;

/** What a simulator with 1 % noise returns. */
function noisy(seed: number): Residuals {
  return (x, id) => {
    const random = RandomStream.at(seed, 'test/noise', id);
    return decay(x, id).map((value, t) => (value + data[t]!) * (1 + 0.01 * random.normal()) - data[t]!);
  };
}

/** Least at a bound: 1.5 is out of reach. */
const bounded: Residuals = (x) => Float64Array.of(x[0]! - 1.5, 2 * (x[1]! - 0.3));

const uneven: Residuals = (x, id) => (id % 5 === 0 ? Float64Array.of(1) : decay(x, id));

interface Fit {
  readonly told: number;
  /** At the point that seemed best. */
  readonly best: Float64Array;
  readonly value: number;
}

function fit(optimizer: Optimizer, f: Residuals, most: number, target = -1): Fit {
  let [count, value, best] = [0, Infinity, new Float64Array()];
  while (count < most && value > target) {
    const answers = optimizer.ask(optimizer.batchSize).map((candidate) => told(candidate, f));
    if (answers.length === 0) break;
    optimizer.tell(answers);
    count += answers.length;
    for (const { fx, x } of answers) if (fx < value) [value, best] = [fx, x.slice()];
  }
  return { told: count, best, value };
}

describe('DFO-LS', () => {
  it('needs no more evaluations than Levenberg-Marquardt without noise', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const [model, differences] = ['dfo-ls', 'levenberg-marquardt'].map((name) =>
        fit(make(name, { dimension: 2, seed }), rosenbrock, 500, 1e-16),
      );
      expect(model!.value).toBeLessThan(1e-16);
      expect(model!.told).toBeLessThan(1.5 * differences!.told);
    }
  });

  it('comes to the least sum of squares that is not 0, and stops soon', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const optimizer = make('dfo-ls', { seed });
      const { value, told: count } = fit(optimizer, decay, 500);
      expect(value).toBeCloseTo(LEAST, 6);
      expect(count).toBeLessThan(60);
      expect(optimizer.stopReason?.kind).toBe('rho-end');
    }
  });

  it('comes near where values have 1 % noise, where differences of them do not', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const [model, differences] = ['dfo-ls', 'levenberg-marquardt'].map((name) =>
        sum(decay(fit(make(name, { seed }), noisy(seed), 500).best, 0)),
      );
      expect(model).toBeLessThan(1.3 * LEAST);
      expect(differences).toBeGreaterThan(10 * LEAST);
    }
  });

  it('evaluates its best point anew, with fresh points about it, when noise stalls it', () => {
    const optimizer = make('dfo-ls', { options: { maxRestarts: 2 } });
    const seen = new Set<string>();
    let again = 0;
    for (;;) {
      const candidates = optimizer.ask(100);
      if (candidates.length === 0) break;
      if (candidates.length === 4 && seen.has(candidates[0]!.x.join())) again++;
      for (const { x } of candidates) seen.add(x.join());
      optimizer.tell(candidates.map((candidate) => told(candidate, noisy(1))));
    }
    expect(again).toBe(2);
  });

  it('begins with the start and one step along each coordinate, all at once', () => {
    const first = make('dfo-ls', { start: Float64Array.of(0.5, 0.95, 0.02), steps: [0, 0, 4] }).ask(100);
    expect(first).toHaveLength(4);
    const moved = first.slice(1).map(({ x }, i) => x[i]! - [0.5, 0.95, 0.02][i]!);
    for (const [i, by] of [0.1, -0.1, 0.25].entries()) expect(moved[i]).toBeCloseTo(by, 12);
  });

  it('holds a parameter at its bound and solves for the others', () => {
    const { value, told: count } = fit(make('dfo-ls', { dimension: 2 }), bounded, 100);
    expect(value).toBeCloseTo(0.25, 12);
    expect(count).toBeLessThan(40);
  });

  it('lives with answers that have another number of residuals', () => {
    expect(fit(make('dfo-ls'), uneven, 500).value).toBeLessThan(1);
  });

  it('goes on from a snapshot taken between any two answers', () => {
    const optimizer = make('dfo-ls', { seed: 3 });
    for (let step = 0; step < 40; step++) {
      const restored = make('dfo-ls', { seed: 9 });
      restored.restore(transported(optimizer.snapshot()));
      const [candidates, again] = [optimizer.ask(1), restored.ask(1)];
      expect(again).toEqual(candidates);
      for (const candidate of candidates) optimizer.tell([told(candidate, decay)]);
    }
  });

  it('stops where no evaluation has residuals', () => {
    const optimizer = make('dfo-ls', { dimension: 2 });
    for (let count = 0; count < 100; count++)
      for (const { id, x } of optimizer.ask(1)) optimizer.tell([{ id, x, fx: 1 }]);
    expect(optimizer.stopReason?.kind).toBe('only-failures');
  });

  it('refuses a resolution that ends above its beginning', () => {
    expect(dfoLs.fault?.({ rhoBegin: 1e-9 })).toBe('rhoEnd must be at most rhoBegin');
  });
});
