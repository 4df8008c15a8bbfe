import { Registry } from '../../core/component.ts';
import { ackley } from './ackley.ts';
import type { Benchmark } from './contract.ts';
import { michalewicz } from './michalewicz.ts';
import { rastrigin } from './rastrigin.ts';
import { rosenbrock } from './rosenbrock.ts';
import { schwefel } from './schwefel.ts';
import { shubert } from './shubert.ts';
import { sphere } from './sphere.ts';

export const benchmarks: Registry<Benchmark> = new Registry<Benchmark>('benchmark', [
  ackley,
  michalewicz,
  rastrigin,
  rosenbrock,
  schwefel,
  shubert,
  sphere,
]);
