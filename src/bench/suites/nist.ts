import { benchmarkInstance } from '../../tasks/benchmark.ts';
import { benchmarks } from '../../tasks/benchmarks/registry.ts';
import { oneOf, type Suite } from './contract.ts';

const NAMES = benchmarks.get('nist').options.properties['problem']!.enum as readonly string[];

const parametersOf = new Map(
  NAMES.map((problem) => [
    problem,
    benchmarkInstance({ kind: 'benchmark', name: 'nist', options: { problem } }).bounds.length,
  ]),
);

/** Twelve regressions. A target is an excess of the sum of squares over the certified one, in parts of that. */
export const nist: Suite = {
  name: 'nist',
  functions: oneOf(NAMES),
  dimensions: oneOf([...new Set(parametersOf.values())].toSorted((a, b) => a - b)),
  instances: oneOf([1]),
  groups: [],
  isByDimension: false,
  problem: (name, dimension) =>
    parametersOf.get(name) === dimension
      ? { function: name, dimension, instance: 1, task: { benchmark: 'nist', problem: name } }
      : undefined,
  // Certified with 11 digits.
  measure: ({ minimum }) => ({ scale: minimum!.fx, precision: 1e-10 }),
};
