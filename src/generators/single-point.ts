import { options } from '../core/options.ts';
import type { GeneratorComponent } from './contract.ts';
import { pointOption } from './point-option.ts';
import { centre } from './points.ts';

export interface SinglePointOptions {
  /** Values by parameter name, in task units. @default the centre of the box, also for parameters that are not named */
  readonly point?: Readonly<Record<string, number>>;
}

/**
 * Always the same point.
 *
 * @remarks Without a point GloMPO draws one at random and then stays with it; this is the centre of the box.
 */
export const singlePoint: GeneratorComponent<SinglePointOptions> = {
  name: 'single-point',
  summary: 'always the same point',
  options: options({
    point: pointOption(
      'where to start: values by parameter name, in task units; the centre of the box elsewhere',
    ),
  }),
  create({ point = {} }, setup) {
    const start = setup.toUnit(point, centre(setup.dimension));
    return { generate: () => start.slice() };
  },
};
