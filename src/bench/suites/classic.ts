import type { Benchmark } from '../../tasks/benchmarks/contract.ts';
import { benchmarks } from '../../tasks/benchmarks/registry.ts';
import { between, oneOf, range, type Suite } from './contract.ts';

/** Those of the original. The value of `stochastic` is another one each time: no target means anything there. */
const KNOWN: readonly Benchmark[] = benchmarks
  .all()
  .filter(({ name, options }) => 'shift' in options.properties && name !== 'stochastic');

function existsIn({ options: { properties } }: Benchmark, dimension: number): boolean {
  const { minimum = 1, maximum = Infinity } = properties['dimension']!;
  return dimension >= minimum && dimension <= maximum;
}

/** The original's test functions. Instance 0 is the function itself; others are shifted, rotated and offset by that seed. */
export const classic: Suite = {
  name: 'classic',
  functions: oneOf(KNOWN.map(({ name }) => name)),
  dimensions: between(1, 1000, [2, 5, 10, 20]),
  instances: between(0, 10_000, range(1, 5)),
  groups: [],
  isByDimension: true,
  problem(name, dimension, instance) {
    const benchmark = KNOWN.find((one) => one.name === name);
    if (!benchmark || !existsIn(benchmark, dimension)) return undefined;
    const changes = instance === 0 ? {} : { shift: instance, rotate: instance, offset: instance };
    return { function: name, dimension, instance, task: { benchmark: name, dimension, ...changes } };
  },
};
