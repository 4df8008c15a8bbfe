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
export const nist: Suite = suiteOf('nist', {});

/** The same for optimizers that are told the sum of squares alone. */
export const nistScalar: Suite = suiteOf('nist-scalar', { returns: 'value' });

function suiteOf(name: string, how: { readonly returns?: 'value' }): Suite {
  return {
    name,
    functions: oneOf(NAMES),
    dimensions: oneOf([...new Set(parametersOf.values())].toSorted((a, b) => a - b)),
    instances: oneOf([1]),
    groups: [],
    isByDimension: false,
    problem: (problem, dimension) =>
      parametersOf.get(problem) === dimension
        ? { function: problem, dimension, instance: 1, task: { benchmark: 'nist', problem, ...how } }
        : undefined,
    // Certified with 11 digits.
    measure: ({ minimum }) => ({ scale: minimum!.fx, precision: 1e-10 }),
  };
}
