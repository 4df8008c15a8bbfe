import type { JsonObject } from '../../src/core/json.ts';
import { RandomStream } from '../../src/core/random.ts';
import { benchmarkInstance } from '../../src/tasks/benchmark.ts';
import { benchmarks as functions } from '../../src/tasks/benchmarks/registry.ts';
import type { Bench, Benchmark, Measured, Table } from '../harness/benchmark.ts';
import { measured } from '../harness/measure.ts';

const DIMENSION = 20;
const POINTS = 256;

export const benchmarks: Benchmark = {
  name: 'benchmarks',
  title: 'What an evaluation of a benchmark costs',
  about: `
Each benchmark function that glompo has, in ${DIMENSION} dimensions where it has as many, at ${POINTS} random points, one after the other in one thread.`,
  run: async (bench) => [await costs(bench)],
};

async function costs(bench: Bench): Promise<Table> {
  const cases = functions.names().flatMap((name) => casesOf(name).map((options) => [name, options] as const));
  return {
    title: 'An evaluation',
    columns: [{ name: 'benchmark' }, { name: 'options' }, { name: 'time', unit: 'ns', better: 'lower' }],
    rows: cases.map(([name, options]) => {
      const written = Object.entries(options).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
      return [name, written.join(', '), nanoseconds(bench, name, options)];
    }),
  };
}

function casesOf(name: string): readonly JsonObject[] {
  const { properties } = functions.get(name).options;
  if (properties['function'])
    return Array.from({ length: 24 }, (_, i) => ({ function: i + 1, dimension: DIMENSION, instance: 1 }));
  if (properties['problem']) return properties['problem'].enum!.map((problem) => ({ problem }));
  if (properties['atoms']) return [{ atoms: 13 }, { atoms: 38 }];
  return [{ dimension: Math.min(DIMENSION, properties['dimension']!.maximum!) }];
}

function nanoseconds({ isQuick }: Bench, name: string, options: JsonObject): Measured {
  const { bounds, evaluate } = benchmarkInstance({ kind: 'benchmark', name, options });
  const random = RandomStream.at(1, 'bench');
  const points = Array.from({ length: POINTS }, () =>
    Float64Array.from(bounds, ({ min, max }) => min + (max - min) * random.uniform()),
  );
  /** How long one measurement takes at least. */
  const milliseconds = isQuick ? 15 : 40;
  return measured(
    Array.from({ length: isQuick ? 3 : 5 }, () => {
      const start = performance.now();
      let rounds = 0;
      for (; performance.now() - start < milliseconds; rounds++) for (const x of points) evaluate(x);
      return (1e6 * (performance.now() - start)) / (rounds * POINTS);
    }),
  );
}
