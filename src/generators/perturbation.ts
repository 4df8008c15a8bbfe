import { options } from '../core/options.ts';
import type { GeneratorComponent } from './contract.ts';
import { pointOption } from './point-option.ts';
import { anywhere, centre, near } from './points.ts';

export interface PerturbationOptions {
  /** The standard deviation, a fraction of the box. @default 0.1 */
  readonly scale: number;
  /** The centre, values by parameter name in task units. @default the best point of the run, also for parameters that are not named */
  readonly point?: Readonly<Record<string, number>>;
}

/**
 * Normal around a point, cut off at the bounds.
 *
 * @remarks GloMPO's needs the point, and a standard deviation of each parameter in task units; here one fraction of the box holds for
 * all, which on a log scale means equal factors, and without a point the centre moves with the best of the run.
 */
export const perturbation: GeneratorComponent<PerturbationOptions> = {
  name: 'perturbation',
  summary: 'near a point, or near the best of the run: normal, cut off at the bounds',
  options: options({
    scale: {
      description: 'the standard deviation, a fraction of the box',
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.1,
    },
    point: pointOption(
      'the centre: values by parameter name, in task units; elsewhere the best point of the run, or a random one while there is none',
    ),
  }),
  create({ scale, point }, setup) {
    const { dimension } = setup;
    // A mistake in the point is told when the run begins, not at its first start.
    if (point) setup.toUnit(point, centre(dimension));
    return {
      generate({ incumbent, random }) {
        if (point)
          return near(setup.toUnit(point, incumbent?.point ?? anywhere(dimension, random)), scale, random);
        return incumbent ? near(incumbent.point, scale, random) : anywhere(dimension, random);
      },
    };
  },
};
