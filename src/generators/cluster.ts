import { power } from '../core/power.ts';
import type { RandomStream } from '../core/random.ts';

export interface Rattling {
  /** Of a particle. */
  readonly coordinates: number;
  readonly step: number;
  readonly loose: number;
}

/**
 * A cluster around the origin whose particles are shaken, and whose loose ones are anywhere on the sphere around it.
 *
 * @param positions all coordinates of the first particle, then those of the second, …, in one unit
 * @returns nothing where there is no distance to measure steps by: of one particle, and where half of them are in one place with others
 */
export function rattled(
  positions: Float64Array,
  { coordinates: d, step, loose }: Rattling,
  random: RandomStream,
): Float64Array | undefined {
  const count = positions.length / d;
  const centred = aroundOrigin(positions, d);
  const squares = squaredDistances(centred, d);
  const near = neighbourDistance(squares, count);
  if (!(near > 0 && near < Infinity)) return undefined;
  const company = companyOf(squares, count, near);
  const most = company.reduce((a, b) => Math.max(a, b), 0);
  const to = centred.map((x) => x + near * step * (2 * random.uniform() - 1));
  const radius = Math.max(
    ...Array.from({ length: count }, (_, i) => Math.hypot(...positionOf(centred, i, d))),
  );
  for (let i = 0; i < count; i++) if (company[i]! < loose * most) to.set(onSphere(radius, d, random), i * d);
  return to;
}

const positionOf = (all: Float64Array, i: number, d: number): Float64Array =>
  all.subarray(i * d, (i + 1) * d);

function aroundOrigin(positions: Float64Array, d: number): Float64Array {
  const centre = new Float64Array(d);
  for (const [i, x] of positions.entries()) centre[i % d]! += (x * d) / positions.length;
  return positions.map((x, i) => x - centre[i % d]!);
}

/** Of all pairs, row by row. */
function squaredDistances(positions: Float64Array, d: number): Float64Array {
  const count = positions.length / d;
  const squares = new Float64Array(count * count);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += (positions[i * d + k]! - positions[j * d + k]!) ** 2;
      squares[i * count + j] = squares[j * count + i] = sum;
    }
  return squares;
}

/** How far the next particle is, for the median of them. */
function neighbourDistance(squares: Float64Array, count: number): number {
  const nearest = Float64Array.from({ length: count }, (_, i) => {
    let least = Infinity;
    for (let j = 0; j < count; j++) if (j !== i) least = Math.min(least, squares[i * count + j]!);
    return least;
  }).toSorted();
  return Math.sqrt(nearest[count >> 1]!);
}

/** About how many neighbours each has: 1 for each particle at their distance or nearer, the less the farther off. */
function companyOf(squares: Float64Array, count: number, near: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < count; j++)
      if (j !== i) sum += power(Math.min(1, (near * near) / squares[i * count + j]!), 3);
    return sum;
  });
}

/** ~ uniform on the sphere. */
function onSphere(radius: number, d: number, random: RandomStream): Float64Array {
  const direction = Float64Array.from({ length: d }, () => random.normal());
  const length = Math.hypot(...direction);
  return direction.map((x) => (x / length) * radius);
}
