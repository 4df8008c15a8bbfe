import { Registry } from '../../core/component.ts';
import { ackley } from './ackley.ts';
import type { Benchmark } from './contract.ts';
import { rastrigin } from './rastrigin.ts';
import { rosenbrock } from './rosenbrock.ts';
import { schwefel } from './schwefel.ts';
import { sphere } from './sphere.ts';

export const benchmarks: Registry<Benchmark> = new Registry<Benchmark>('benchmark', [
  ackley,
  rastrigin,
  rosenbrock,
  schwefel,
  sphere,
]);
