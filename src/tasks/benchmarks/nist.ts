import { options } from '../../core/options.ts';
import type { Benchmark } from './contract.ts';
import data from './nist/data.json' with { type: 'json' };
import { models } from './nist/models.ts';

interface NistOptions {
  readonly problem: keyof typeof data;
  /** What optimizers are told. @default 'residuals' */
  readonly returns: 'residuals' | 'value';
}

/** So many times as far from 0 as start values and certified values the bounds are. */
const WIDTH = 10;

/**
 * f(b) = sum_k (model(x_k, b) - y_k)²: twelve nonlinear regressions of NIST, of every level of difficulty
 *
 * Parameters b1, b2, … within ±10 max(|start 1|, |start 2|, |certified|) each; the minimum is the certified one. Far from it models may
 * overflow: a value that is not finite is a failed evaluation, as it is for any task.
 *
 * @see NIST/ITL Statistical Reference Datasets, nonlinear regression
 */
export const nist: Benchmark<NistOptions> = {
  name: 'nist',
  summary: 'nonlinear regressions with certified answers, as least squares',
  options: options(
    {
      problem: { description: 'which data set', type: 'string', enum: Object.keys(data) },
      returns: {
        description: 'what is told: the residuals, or the sum of their squares alone',
        type: 'string',
        enum: ['residuals', 'value'],
        default: 'residuals',
      },
    },
    ['problem'],
  ),
  create({ problem, returns }) {
    const { start1, start2, certified, deviations, sumOfSquares, x, y } = data[problem];
    const model = models[problem]!;
    return {
      bounds: certified.map((value, i) => {
        const max = WIDTH * Math.max(Math.abs(start1[i]!), Math.abs(start2[i]!), Math.abs(value));
        return { min: -max, max };
      }),
      names: certified.map((_, i) => `b${i + 1}`),
      minimum: { x: Float64Array.from(certified), fx: sumOfSquares },
      certified: {
        parameters: Float64Array.from(certified),
        deviations: Float64Array.from(deviations),
        sumOfSquares,
      },
      evaluate(b) {
        let sum = 0;
        for (let k = 0; k < y.length; k++) sum += (model(x[k]!, b) - y[k]!) ** 2;
        return sum;
      },
      ...(returns === 'residuals'
        ? { residuals: (b) => Float64Array.from(y, (value, k) => model(x[k]!, b) - value) }
        : {}),
    };
  },
};
