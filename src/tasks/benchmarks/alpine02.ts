import type { Benchmark } from './contract.ts';
import { anyDimension, classic, cube } from './classic.ts';
import { leastOf } from './least.ts';

/**
 * f(x) = -prod_i sqrt(x_i) sin(x_i)
 *
 * Domain [0, 10]^n. Factors have their greatest size, 2.80813…, at 7.91705…, where tan(x) = -2x: it is their maximum, so the minimum is
 * f(7.91705…, …) = -2.80813…^n.
 *
 * @see Clerc (1999), The swarm and the queen: towards a deterministic and adaptive particle swarm optimization, CEC 1999
 */
export const alpine02: Benchmark = classic({
  name: 'alpine02',
  summary: 'a product of waves: its scale grows with the dimension, flat where any factor is small',
  dimensions: anyDimension(),
  create(n) {
    best ??= leastOf((x) => -factor(x), 0, 10, 1001);
    const x = new Float64Array(n).fill(best);
    return { bounds: cube(n, 0, 10), minimum: { x, fx: evaluate(x) }, evaluate };
  },
});

let best: number | undefined;

function factor(x: number): number {
  return Math.sqrt(x) * Math.sin(x);
}

function evaluate(x: Float64Array): number {
  let product = -1;
  for (const xi of x) product *= factor(xi);
  return product;
}
