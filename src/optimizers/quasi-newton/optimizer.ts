import type { Optimizer, OptimizerContext } from '../contract.ts';
import { Staged } from '../staged.ts';
import type { Curvature } from './curvature.ts';
import { type DescentSetup, QuasiNewtonDescent } from './descent.ts';
import { type QuasiNewtonOptions, resolve } from './options.ts';

const VERSION = 2;

/** A quasi-Newton optimizer with a curvature of some kind. */
export function quasiNewton(
  type: string,
  options: QuasiNewtonOptions,
  { dimension, start, steps, random }: OptimizerContext,
  curvature: () => Curvature,
): Optimizer {
  const setup: DescentSetup = { dimension, start, steps, options: resolve(options), curvature };
  return new Staged({
    type,
    version: VERSION,
    dimension,
    batchSize: dimension,
    uses: ['gradient'],
    random,
    create: (stream) => new QuasiNewtonDescent(setup, stream),
    load: (reader, stream) => QuasiNewtonDescent.load(reader, setup, stream),
  });
}
