import { expect } from 'vitest';
import type { Optimizer } from '../../../src/optimizers/contract.ts';
import { make, sphere, subjects, type Objective, type Setup } from '../support.ts';

/** Infinities, NaN, and values of either sign from 1e-20 to 1e20. */
export const wild: Objective = (x, id) => {
  if (id % 11 === 0) return Infinity;
  if (id % 13 === 0) return -Infinity;
  return id % 7 === 0 ? NaN : Math.sin(1e6 * x[0]!) * 10 ** ((id % 41) - 20);
};

/** Fails in half of the box. */
export const halfMissing: Objective = (x) => (x[0]! < 0.5 ? NaN : sphere(0.7)(x));

export function expectInBox(candidates: readonly { readonly x: Float64Array }[]): void {
  const outside = candidates.filter(({ x }) => !x.every((value) => value >= 0 && value <= 1));
  expect(outside).toEqual([]);
}

export function stateOf(optimizer: Optimizer): unknown {
  const { header, block } = optimizer.snapshot();
  return { header, block: [...block] };
}

interface Slow {
  readonly options: object;
  /** That are to be asked for. */
  readonly points: number;
  /** The part of a property's runs that will do. */
  readonly runs: number;
  /** How near it is to come to the best integers. */
  readonly integers: number;
  /** How near it is to come to an optimum that is hard to find. */
  readonly hard: number;
}

/** Some take milliseconds for a point: they have fewer of them, and fewer runs of a property. */
export const slow: ReadonlyMap<string, Slow> = new Map([
  [
    'bayesian',
    {
      options: { maxPoints: 24, initialPoints: 8, starts: 1 },
      points: 20,
      runs: 0.2,
      integers: 1e-2,
      hard: 1e-6,
    },
  ],
  // By default it is done after ten.
  ['repeat', { options: { times: 2000 }, points: Infinity, runs: 1, integers: Infinity, hard: Infinity }],
]);

/** One with few points, if it is slow. */
export const small = (name: string, setup: Setup = {}): Optimizer =>
  make(name, { ...setup, options: { ...setup.options, ...slow.get(name)?.options } });

/** At least so many points are to be asked for. */
export const least = (name: string, points: number): number =>
  Math.min(points, slow.get(name)?.points ?? points);

export const runs = (name: string, count: number): number => Math.ceil(count * (slow.get(name)?.runs ?? 1));

/** A repetition asks for its start alone. */
export const moves = (name: string): boolean => name !== 'repeat';

/** Samples, whatever it is told: it neither converges nor stops for want of progress. */
const sampling = new Set(['random', 'sobol', 'latin-hypercube', 'grid', 'repeat']);
export const searching: readonly string[] = subjects.filter((name) => !sampling.has(name));
