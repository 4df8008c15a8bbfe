/**
 * The energy of a cluster of atoms that attract each other from afar and repel each other when near, in units of the depth and the
 * distance of one pair:
 *
 *     E = 4 Σ (r⁻¹² - r⁻⁶) over all pairs, r their distances
 *
 * x holds the atoms' coordinates, three each.
 */
export default function energy(x: Float64Array): number {
  let sum = 0;
  for (const squared of squaredDistances(x)) {
    const attraction = 1 / squared ** 3;
    sum += attraction * (attraction - 1);
  }
  return 4 * sum;
}

/**
 * How far apart two clusters are: by their sorted distances between atoms, the root of the mean square difference. A cluster that was
 * moved, turned or mirrored, or whose atoms were numbered otherwise, is the same one; glompo tells minima apart by this.
 */
export function distance(a: Float64Array, b: Float64Array): number {
  const [one, other] = [a, b].map((x) => squaredDistances(x).map(Math.sqrt).toSorted());
  let sum = 0;
  for (let i = 0; i < one!.length; i++) sum += (one![i]! - other![i]!) ** 2;
  return Math.sqrt(sum / one!.length);
}

/** Of all pairs of atoms. */
function squaredDistances(x: Float64Array): Float64Array {
  const atoms = x.length / 3;
  const squared = new Float64Array((atoms * (atoms - 1)) / 2);
  let pair = 0;
  for (let i = 0; i < x.length; i += 3)
    for (let j = 0; j < i; j += 3)
      squared[pair++] = (x[i]! - x[j]!) ** 2 + (x[i + 1]! - x[j + 1]!) ** 2 + (x[i + 2]! - x[j + 2]!) ** 2;
  return squared;
}
