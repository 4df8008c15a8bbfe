import { Registry } from '../../core/component.ts';
import { ackley } from './ackley.ts';
import { alpine01 } from './alpine01.ts';
import { alpine02 } from './alpine02.ts';
import { bbob } from './bbob.ts';
import { deceptive } from './deceptive.ts';
import { easom } from './easom.ts';
import { expLeastSquaresCost } from './exp-least-squares-cost.ts';
import { griewank } from './griewank.ts';
import { langermann } from './langermann.ts';
import { lennardJones } from './lennard-jones.ts';
import { levy } from './levy.ts';
import { maBbob } from './ma-bbob.ts';
import { michalewicz } from './michalewicz.ts';
import { nist } from './nist.ts';
import { qing } from './qing.ts';
import { rana } from './rana.ts';
import { rastrigin } from './rastrigin.ts';
import { rosenbrock } from './rosenbrock.ts';
import { schwefel } from './schwefel.ts';
import { shekel } from './shekel.ts';
import { shubert } from './shubert.ts';
import { sphere } from './sphere.ts';
import { stochastic } from './stochastic.ts';
import { styblinskiTang } from './styblinski-tang.ts';
import { trigonometric } from './trigonometric.ts';
import { vincent } from './vincent.ts';
import { zeroSum } from './zero-sum.ts';
import type { Benchmark } from './contract.ts';

export const benchmarks: Registry<Benchmark> = new Registry<Benchmark>('benchmark', [
  ackley,
  alpine01,
  alpine02,
  bbob,
  deceptive,
  easom,
  expLeastSquaresCost,
  griewank,
  langermann,
  lennardJones,
  levy,
  maBbob,
  michalewicz,
  nist,
  qing,
  rana,
  rastrigin,
  rosenbrock,
  schwefel,
  shekel,
  shubert,
  sphere,
  stochastic,
  styblinskiTang,
  trigonometric,
  vincent,
  zeroSum,
]);
