import { describe, expect, it } from 'vitest';
import { drive, intoEdge, make, sphere, towardsCorner, violation, type Objective } from '../support.ts';
import { halfMissing, expectInBox, slow, small, searching } from './support.ts';

/** An integer of 20 values, and real numbers. */
const mixed: Objective = (x) => Math.abs(Math.floor(20 * x[0]!) - 13) + 10 * sphere()(x.subarray(1));

const lure: Objective = (x) => ({ fx: sphere(0.7)(x) - 1e3 * violation(x), violation: violation(x) });

/** Fails everywhere at first. */
const lateStarting: Objective = (x, id) => (id <= 8 ? NaN : sphere()(x));

/** They go down from where they are, and leave integers about there. */
const local: ReadonlySet<string> = new Set([
  'bfgs',
  'bobyqa',
  'dfo-ls',
  'l-bfgs-b',
  'levenberg-marquardt',
  'nelder-mead',
]);

/** A kink has no model of theirs, but is approached as slowly as by chance: for them an optimum inside is a smooth one. */
const smooth: ReadonlySet<string> = new Set(['bayesian', 'dfo-ls']);

describe.each(searching)('%s', (name) => {
  const hard = slow.get(name)?.hard ?? 1e-8;

  it('finds an optimum inside the box to 1e-8', () => {
    expect(drive(make(name, { dimension: 4 }), sphere(), 5000, 1e-8 / 2).best).toBeLessThan(1e-8);
  });

  it.each([
    ['the lowest corner', [0, 0, 0, 0]],
    ['the highest corner', [1, 1, 1, 1]],
    ['a mixed corner', [0, 1, 1, 0]],
    ['an edge', [0, 0.3, 1, 0.6]],
  ])('finds an optimum in %s to 1e-6', (_, corner) => {
    const objective = smooth.has(name) ? intoEdge(corner) : towardsCorner(corner);
    for (const seed of [1, 2, 3])
      expect(drive(make(name, { dimension: 4, seed }), objective, 5000, 1e-6 / 2).best).toBeLessThan(1e-6);
  });

  it('finds the optimum beside a half of the box where the function is NaN', () => {
    const start = Float64Array.of(0.9, 0.5, 0.1);
    expect(drive(make(name, { start }), halfMissing, 5000, hard / 2).best).toBeLessThan(hard);
  });

  it('is not lured into a half of the box that is not feasible by lower values there', () => {
    expect(
      drive(make(name, { start: Float64Array.of(0.9, 0.5, 0.1) }), lure, 5000, hard / 2).best,
    ).toBeLessThan(hard);
  });

  it('finds good integers among real numbers', () => {
    const optimizer = make(name, { steps: [20, 0, 0], start: Float64Array.of(0.3, 0.8, 0.1) });
    const target = local.has(name) ? 8 : (slow.get(name)?.integers ?? 1e-6);
    expect(drive(optimizer, mixed, 4000, target / 2).best).toBeLessThan(target);
  });

  it('stops on a flat function, says why, and asks for no more', () => {
    const optimizer = small(name);
    const { answers } = drive(optimizer, () => 3, 5000);
    expect(answers.length).toBeLessThan(1000);
    expect(optimizer.stopReason).toMatchObject({ kind: expect.stringMatching(/^[a-z-]+$/u) });
    expect(optimizer.stopReason!.detail).toContain('values');
    expect(optimizer.ask(10)).toEqual([]);
    expectInBox(answers);
  });

  it('stops when nothing but NaN comes, with its numbers still sound', () => {
    const optimizer = make(name);
    const { answers } = drive(optimizer, () => NaN, 5000);
    expect(answers.length).toBeLessThan(1000);
    expect(optimizer.stopReason?.kind).toBe('only-failures');
    expectInBox(answers);
    expect(optimizer.snapshot().block.every((value) => Number.isFinite(value))).toBe(true);
  });

  it('recovers from a while of nothing but NaN', () => {
    expect(drive(make(name), lateStarting, 5000, hard / 2).best).toBeLessThan(hard);
  });
});
