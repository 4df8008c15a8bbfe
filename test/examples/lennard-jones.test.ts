import { describe, expect, it } from 'vitest';
import energy, { distance } from '../../examples/lennard-jones.ts';
import { RandomStream } from '../../src/core/random.ts';

/** Where the energy of a pair is least. */
const EDGE = 2 ** (1 / 6);

const random = RandomStream.at(1, 'test/lennard-jones');

function cluster(atoms: number): Float64Array {
  return Float64Array.from({ length: 3 * atoms }, () => random.normal());
}

function transform(
  x: Float64Array,
  move: (atom: readonly [number, number, number]) => readonly number[],
): Float64Array {
  const atoms = Array.from({ length: x.length / 3 }, (_, i) =>
    move([x[3 * i]!, x[3 * i + 1]!, x[3 * i + 2]!]),
  );
  return Float64Array.from(atoms.flat());
}

describe('the Lennard-Jones example', () => {
  it('has the energies of a pair and of a regular tetrahedron', () => {
    expect(energy(Float64Array.of(0, 0, 0, EDGE, 0, 0))).toBeCloseTo(-1, 12);
    // Four corners of a cube, so that all six distances are EDGE.
    const a = EDGE / Math.sqrt(8);
    expect(energy(Float64Array.of(a, a, a, a, -a, -a, -a, a, -a, -a, -a, a))).toBeCloseTo(-6, 12);
  });

  it.each([
    ['moved', (x: Float64Array) => x.map((value, i) => value + (i % 3))],
    ['turned', (x: Float64Array) => transform(x, ([a, b, c]) => [0.6 * a - 0.8 * b, 0.8 * a + 0.6 * b, c])],
    ['mirrored', (x: Float64Array) => transform(x, ([a, b, c]) => [-a, b, c])],
    ['numbered otherwise', (x: Float64Array) => Float64Array.from([...x.slice(6), ...x.slice(0, 6)])],
  ])('has no distance to the same cluster %s', (_, change) => {
    const x = cluster(10);
    expect(distance(x, change(x))).toBeCloseTo(0, 10);
    expect(distance(x, change(cluster(10)))).toBeGreaterThan(0.01);
  });
});
