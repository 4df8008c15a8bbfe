import { CodedError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { benchmarkInstance } from '../tasks/benchmark.ts';
import type { BenchmarkInstance } from '../tasks/benchmarks/contract.ts';
import { classic } from './suites/classic.ts';
import { lennardJones, lennardJonesScalar } from './suites/lennard-jones.ts';
import { nist, nistScalar } from './suites/nist.ts';
import type { Suite } from './suites/contract.ts';
import { bbob, maBbob } from './suites/bbob.ts';
import type { Problem, Yardstick } from './problem.ts';

const SUITES: readonly Suite[] = [bbob, maBbob, nist, nistScalar, lennardJones, lennardJonesScalar, classic];
export const SUITE_NAMES: readonly string[] = SUITES.map(({ name }) => name);

/** @throws {CodedError} `usage` */
export function findSuite(name: string): Suite {
  const found = SUITES.find((suite) => suite.name === name);
  if (found) return found;
  const near = nearest(name, SUITE_NAMES);
  throw new CodedError(
    'usage',
    `--suite: unknown suite ${name}${near ? `; did you mean ${near}?` : ''} (known: ${SUITE_NAMES.join(', ')})`,
  );
}

/** Which problems of a suite; all that it has by default when not given. */
export interface Selection {
  readonly functions?: readonly string[];
  readonly dimensions?: readonly number[];
  readonly instances?: readonly number[];
}

/**
 * The problems that a suite has of a selection, by dimension, instance and function.
 *
 * @throws {CodedError} `usage` when something was asked for that it has not got
 */
export function problemsOf(suite: Suite, selection: Selection): readonly Problem[] {
  const { functions = suite.functions.usual, instances = suite.instances.usual } = selection;
  const dimensions = selection.dimensions ?? suite.dimensions.usual;
  const refuse = (option: string, value: string | number, known: string): never => {
    throw new CodedError('usage', `--${option}: the suite ${suite.name} has no ${value}; it has ${known}`);
  };
  for (const name of functions)
    if (!suite.functions.has(name)) refuse('functions', name, suite.functions.known);
  for (const dimension of dimensions)
    if (!suite.dimensions.has(dimension)) refuse('dimensions', dimension, suite.dimensions.known);
  for (const instance of instances)
    if (!suite.instances.has(instance)) refuse('instances', instance, suite.instances.known);
  const found = dimensions.flatMap((dimension) =>
    instances.flatMap((instance) =>
      functions.flatMap((name) => suite.problem(name, dimension, instance) ?? []),
    ),
  );
  if (found.length === 0)
    throw new CodedError('usage', `the suite ${suite.name} has none of these functions in these dimensions`);
  return found;
}

export function hasResiduals(problem: Problem): boolean {
  return instanceOf(problem).residuals !== undefined;
}

function instanceOf({ task }: Problem): BenchmarkInstance {
  const { benchmark, ...options } = task;
  return benchmarkInstance({ kind: 'benchmark', name: benchmark, options });
}

/** @throws {CodedError} `usage` when nobody knows the problem's optimum */
export function yardstickOf(suite: Suite, problem: Problem): Yardstick {
  const instance = instanceOf(problem);
  return { scale: 1, precision: 0, ...suite.measure?.(instance), optimum: optimumOf(instance, problem.task) };
}

function optimumOf({ minimum }: BenchmarkInstance, task: Problem['task']): number {
  if (minimum) return minimum.fx;
  throw new CodedError('usage', `the minimum of ${JSON.stringify(task)} is not known`);
}
