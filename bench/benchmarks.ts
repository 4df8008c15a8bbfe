/** Nanoseconds an evaluation of each benchmark takes in 20 dimensions, one after the other in this thread. Writes benchmarks.md. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { JsonObject } from '../src/core/json.ts';
import { RandomStream } from '../src/core/random.ts';
import { benchmarkInstance } from '../src/tasks/benchmark.ts';
import { benchmarks } from '../src/tasks/benchmarks/registry.ts';

const DIMENSION = 20;
const POINTS = 256;
const REPEATS = 5;
/** How long one measurement takes at least. */
const MILLISECONDS = 40;

function cases(name: string): readonly JsonObject[] {
  const { properties } = benchmarks.get(name).options;
  if (properties['function'])
    return Array.from({ length: 24 }, (_, i) => ({ function: i + 1, dimension: DIMENSION, instance: 1 }));
  if (properties['problem']) return properties['problem'].enum!.map((problem) => ({ problem }));
  if (properties['atoms']) return [{ atoms: 13 }, { atoms: 38 }];
  return [{ dimension: Math.min(DIMENSION, properties['dimension']!.maximum!) }];
}

function nanoseconds(name: string, options: JsonObject): number {
  const { bounds, evaluate } = benchmarkInstance({ kind: 'benchmark', name, options });
  const random = RandomStream.at(1, 'bench');
  const points = Array.from({ length: POINTS }, () =>
    Float64Array.from(bounds, ({ min, max }) => min + (max - min) * random.uniform()),
  );
  const times = Array.from({ length: REPEATS }, () => {
    const start = performance.now();
    let rounds = 0;
    for (; performance.now() - start < MILLISECONDS; rounds++) for (const x of points) evaluate(x);
    return (1e6 * (performance.now() - start)) / (rounds * POINTS);
  });
  return times.toSorted((a, b) => a - b)[REPEATS >> 1]!;
}

const rows = benchmarks
  .names()
  .flatMap((name) => cases(name).map((options) => [name, options] as const))
  .map(([name, options]) => {
    const written = Object.entries(options).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
    return `| ${name} | ${written.join(', ')} | ${nanoseconds(name, options).toFixed(0)} |`;
  });

writeFileSync(
  path.join(import.meta.dirname, 'benchmarks.md'),
  `# What an evaluation of a benchmark costs

Nanoseconds, the median of ${REPEATS} measurements at ${POINTS} random points; Node ${process.version}, \`node bench/benchmarks.ts\`.

| benchmark | options | ns |
| --- | --- | ---: |
${rows.join('\n')}
`,
);
