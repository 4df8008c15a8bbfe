import type { JsonObject } from '../../../src/core/json.ts';
import { RandomStream } from '../../../src/core/random.ts';
import type { Bounds } from '../../../src/tasks/benchmarks/contract.ts';
import { benchmarks } from '../../../src/tasks/benchmarks/registry.ts';

/** Options to try a benchmark with: several dimensions, every choice, every transformation that it has. */
export function casesOf(name: string): readonly JsonObject[] {
  const { properties } = benchmarks.get(name).options;
  if (name === 'bbob')
    return Array.from({ length: 24 }, (_, i) => ({
      function: i + 1,
      dimension: 2 + (i % 7),
      instance: 1 + i,
    }));
  const { dimension, problem, style, atoms, shift } = properties;
  if (problem) return problem.enum!.map((choice) => ({ problem: choice }));
  if (atoms) return [2, 5, 13, 38].map((count) => ({ atoms: count }));
  const sizes = [1, 2, 3, 10, 40].filter((n) => n >= dimension!.minimum! && n <= dimension!.maximum!);
  const plain: readonly JsonObject[] = [
    ...sizes.map((n) => ({ dimension: n })),
    ...(style?.enum ?? []).map((choice) => ({ dimension: 3, style: choice })),
  ];
  const some = { dimension: sizes[1] ?? sizes[0]! };
  if (!shift) return plain;
  return [
    ...plain,
    { ...some, shift: 5 },
    { ...some, rotate: 5 },
    { ...some, offset: 5 },
    { dimension: sizes.at(-1)!, shift: 1, rotate: 2, offset: 3 },
  ];
}

/** Uniform in the bounds. */
export function randomPoint(bounds: readonly Bounds[], seed: number): Float64Array {
  const random = RandomStream.at(seed, 'test-point');
  return Float64Array.from(bounds, ({ min, max }) => min + (max - min) * random.uniform());
}
