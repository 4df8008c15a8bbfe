import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { benchmarkInstance } from '../../../src/tasks/benchmark.ts';
import type { BenchmarkInstance } from '../../../src/tasks/benchmarks/contract.ts';
import { descend } from './descend.ts';
import { randomPoint } from './support.ts';

const make = (atoms: number): BenchmarkInstance =>
  benchmarkInstance({ kind: 'benchmark', name: 'lennard-jones', options: { atoms } });

const { minima } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'reference', 'lennard-jones.json'), 'utf8'),
) as { readonly minima: Readonly<Record<string, number>> };

/** Two atoms that far from each other. */
const at = (r: number): Float64Array => Float64Array.of(0, 0, 0, r, 0, 0);

describe('a Lennard-Jones cluster', () => {
  it('states the lowest energies of the Cambridge Cluster Database, and none where it knows none', () => {
    for (const [atoms, energy] of Object.entries(minima))
      expect(make(Number(atoms)).minimum).toEqual({ fx: energy });
    expect(make(37).minimum).toBeUndefined();
  });

  it.each([2, 3, 4, 5, 6, 7, 8, 13])(
    'of %i atoms comes to that energy by descents, and to none below',
    (atoms) => {
      const { bounds, minimum, evaluate, gradient } = make(atoms);
      let best = { x: new Float64Array(), fx: Infinity };
      for (let draw = 0; draw < 400 && best.fx > minimum!.fx + 1e-5; draw++) {
        const found = descend(evaluate, gradient!, randomPoint(bounds, draw));
        if (found.fx < best.fx) best = found;
      }
      expect(Math.abs(best.fx - minimum!.fx)).toBeLessThan(1e-5);
      const half = bounds[0]!.max;
      const centre = [0, 1, 2].map(
        (axis) => best.x.filter((_, i) => i % 3 === axis).reduce((a, b) => a + b) / atoms,
      );
      for (let i = 0; i < best.x.length; i += 3)
        expect(Math.hypot(...centre.map((value, axis) => best.x[i + axis]! - value))).toBeLessThan(half);
    },
  );

  it('is finite, smooth and very high where atoms are in one place', () => {
    const { evaluate, gradient } = make(2);
    expect(evaluate(at(0))).toBe(113_664);
    expect(evaluate(at(0.5))).toBe(16_128);
    expect(evaluate(at(0.5 - 1e-9))).toBeCloseTo(evaluate(at(0.5 + 1e-9)), 2);
    expect(gradient!(at(0.5 - 1e-12))[3]! / gradient!(at(0.5 + 1e-12))[3]!).toBeCloseTo(1, 9);
    expect(gradient!(at(0)).every((slope) => slope === 0)).toBe(true);
  });

  it('is the same one moved, turned, mirrored or permuted', () => {
    const { bounds, distance, evaluate } = make(5);
    const x = randomPoint(bounds, 1);
    const other = x.slice();
    // Permute two atoms, mirror, exchange axes, move.
    for (let i = 0; i < x.length; i += 3) {
      const from = i === 0 ? 3 : i === 3 ? 0 : i;
      other.set([x[from + 1]! + 1, -x[from]! + 2, x[from + 2]! - 3], i);
    }
    expect(distance!(x, other)).toBeLessThan(1e-12);
    expect(evaluate(other) / evaluate(x)).toBeCloseTo(1, 9);
    expect(distance!(x, randomPoint(bounds, 2))).toBeGreaterThan(0.1);
  });
});
