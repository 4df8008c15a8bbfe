import type { RandomStream } from '../random.ts';

/** A random permutation of 0 .. `size` - 1, by Fisher and Yates. */
export function permutation(size: number, random: RandomStream): Int32Array {
  const order = Int32Array.from({ length: size }, (_, i) => i);
  for (let i = size - 1; i > 0; i--) {
    const other = random.integer(i + 1);
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  return order;
}
