import { options } from '../../core/options.ts';
import { cube } from './classic.ts';
import type { Benchmark, Minimum } from './contract.ts';

interface LennardJonesOptions {
  readonly atoms: number;
  /** What optimizers are told that can use it. @default 'gradient' */
  readonly returns: 'gradient' | 'value';
}

/**
 * The lowest energies that anybody found, by number of atoms from 2 on.
 *
 * @see Wales & Doye (1997), J. Phys. Chem. A 101:5111, and the Cambridge Cluster Database
 */
const LOWEST: readonly number[] = [
  -1, -3, -6, -9.103852, -12.712062, -16.505384, -19.821489, -24.11336, -28.422532, -32.76597, -37.9676,
  -44.326801, -47.845157, -52.322627, -56.815742, -61.317995, -66.530949, -72.659782, -77.177043,
];
const LOWEST_OF_38 = -173.928427;

/** The squared distance below which a pair's energy is continued by its tangent. */
const NEAR = 0.25;
const AT_NEAR: number = 4 * (NEAR ** -6 - NEAR ** -3);
const SLOPE_AT_NEAR: number = 4 * (-6 * NEAR ** -7 + 3 * NEAR ** -4);

/**
 * E = 4 sum over pairs of r^-12 - r^-6, r their distances: clusters of atoms that attract each other from afar and repel each other when near
 *
 * Energies are in units of the depth of a pair's well, lengths in the distance where its energy is 0. Parameters are x1, y1, z1, x2, …:
 * all 3 N coordinates, so that every cluster can be moved, turned and permuted; `distance` sees through that. Domain
 * [-b, b]^3N, b = (pi N / sqrt(18))^(1/3), as in GloMPO: 1.13 for 2 atoms, 2.1 for 13, 3.0 for 38, and the best cluster fits in however it is
 * turned. Where two atoms are nearer than 0.5 the energy goes on along its tangent in r^2, from 16128 at 0.5 to 113664 for atoms in one
 * place: finite, with a gradient, and far above all that matters.
 *
 * @see Jones (1924), On the determination of molecular fields II, Proc. R. Soc. A 106:463
 */
export const lennardJones: Benchmark<LennardJonesOptions> = {
  name: 'lennard-jones',
  summary: 'clusters of atoms: minima grow exponentially in number, 38 atoms have two funnels',
  options: options(
    {
      atoms: {
        description: 'how many atoms; three parameters each',
        type: 'integer',
        minimum: 2,
        maximum: 150,
      },
      returns: {
        description: 'what those who can use it are told: the gradient too, or the value alone',
        type: 'string',
        enum: ['gradient', 'value'],
        default: 'gradient',
      },
    },
    ['atoms'],
  ),
  create({ atoms, returns }) {
    const half = Math.cbrt((Math.PI * atoms) / Math.sqrt(18));
    return {
      bounds: cube(3 * atoms, -half, half),
      names: Array.from({ length: 3 * atoms }, (_, i) => `${'xyz'[i % 3]}${Math.floor(i / 3) + 1}`),
      ...minimumOf(atoms),
      evaluate: (x) => energy(x),
      ...(returns === 'gradient' ? { gradient } : {}),
      distance,
    };
  },
};

function minimumOf(atoms: number): { readonly minimum?: Minimum } {
  const fx = atoms === 38 ? LOWEST_OF_38 : LOWEST[atoms - 2];
  return fx === undefined ? {} : { minimum: { fx } };
}

function gradient(x: Float64Array): Float64Array {
  const slopes = new Float64Array(x.length);
  energy(x, slopes);
  return slopes;
}

/** @param slopes zeros, to which the gradient is added */
function energy(x: Float64Array, slopes?: Float64Array): number {
  let sum = 0;
  for (let i = 3; i < x.length; i += 3) {
    const [xi, yi, zi] = [x[i]!, x[i + 1]!, x[i + 2]!];
    for (let j = 0; j < i; j += 3) {
      const dx = xi - x[j]!;
      const dy = yi - x[j + 1]!;
      const dz = zi - x[j + 2]!;
      const square = dx * dx + dy * dy + dz * dz;
      const inverse = 1 / square;
      const sixth = inverse * inverse * inverse;
      const isNear = square < NEAR;
      sum += isNear ? AT_NEAR + SLOPE_AT_NEAR * (square - NEAR) : 4 * sixth * (sixth - 1);
      if (!slopes) continue;
      // dE/dx = 2 dx dE/d(r^2)
      const slope = 2 * (isNear ? SLOPE_AT_NEAR : -12 * sixth * (2 * sixth - 1) * inverse);
      slopes[i]! += slope * dx;
      slopes[i + 1]! += slope * dy;
      slopes[i + 2]! += slope * dz;
      slopes[j]! -= slope * dx;
      slopes[j + 1]! -= slope * dy;
      slopes[j + 2]! -= slope * dz;
    }
  }
  return sum;
}

/** By their sorted distances between atoms, the root of the mean square difference: 0 for a cluster moved, turned, mirrored or permuted. */
function distance(a: Float64Array, b: Float64Array): number {
  const [one, other] = [pairs(a), pairs(b)];
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += (one[i]! - other[i]!) ** 2;
  return Math.sqrt(sum / one.length);
}

/** The distances of all pairs, in order. */
function pairs(x: Float64Array): Float64Array {
  const atoms = x.length / 3;
  const found = new Float64Array((atoms * (atoms - 1)) / 2);
  let pair = 0;
  for (let i = 0; i < x.length; i += 3)
    for (let j = 0; j < i; j += 3)
      found[pair++] = Math.hypot(x[i]! - x[j]!, x[i + 1]! - x[j + 1]!, x[i + 2]! - x[j + 2]!);
  return found.toSorted();
}
