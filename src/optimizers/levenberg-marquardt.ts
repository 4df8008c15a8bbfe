import type { OptimizerComponent } from './contract.ts';
import { Fit, type FitSetup } from './levenberg-marquardt/fit.ts';
import {
  type LevenbergMarquardtOptions,
  levenbergMarquardtSchema,
  resolveLevenbergMarquardt,
} from './levenberg-marquardt/options.ts';
import { Staged } from './staged.ts';

export type { LevenbergMarquardtOptions } from './levenberg-marquardt/options.ts';

const TYPE = 'levenberg-marquardt';
const VERSION = 3;

/** See `levenberg-marquardt/fit.ts`. */
export const levenbergMarquardt: OptimizerComponent<LevenbergMarquardtOptions> = {
  name: TYPE,
  summary: 'least squares on the residuals of a smooth task: very quick to the nearest minimum',
  options: levenbergMarquardtSchema,
  create(options, { dimension, start, steps, random }) {
    const setup: FitSetup = { dimension, start, steps, options: resolveLevenbergMarquardt(options) };
    return new Staged({
      type: TYPE,
      version: VERSION,
      dimension,
      batchSize: dimension,
      uses: ['residuals'],
      random,
      create: (stream) => new Fit(setup, stream),
      load: (reader, stream) => Fit.load(reader, setup, stream),
    });
  },
};
