import { power } from '../core/power.ts';
import { options } from '../core/options.ts';
import type { RandomStream } from '../core/random.ts';
import type { FreeParameter } from '../space/parameter.ts';
import type { GeneratorComponent } from './contract.ts';

export interface MagnitudesOptions {
  /** Down to how many powers of ten below its bounds the magnitude of a parameter may be. @default 5 */
  readonly decades: number;
}

/**
 * Any sign that the bounds allow, and a magnitude that is log-uniform below the bound on that side. How far down it reaches is drawn for each start, from 0 to
 * `decades` powers of ten: some starts are all near their bounds, and in others every magnitude is as likely as any.
 *
 * For bounds that were set wide because nobody knows how large a parameter is. Uniform in such a box nearly all starts have the
 * largest magnitude in all parameters: of the box [-1000, 1000]^4 one in 10^8 starts has them all below 10.
 *
 * @remarks Not in GloMPO. A parameter on a log scale is drawn uniformly there: it says itself what its magnitudes are.
 */
export const magnitudes: GeneratorComponent<MagnitudesOptions> = {
  name: 'magnitudes',
  summary:
    'any sign, and any magnitude up to the bounds: for bounds that were set wide, to be on the safe side',
  options: options({
    decades: {
      description: 'down to how many powers of ten below its bounds the magnitude of a parameter may be',
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 300,
      default: 5,
    },
  }),
  create({ decades }, { parameters }) {
    return {
      generate({ random }) {
        const depth = decades * random.uniform();
        return Float64Array.from(parameters, (parameter) => coordinate(parameter, depth, random));
      },
    };
  },
};

/** Of the unit box. */
function coordinate({ min, max, scale }: FreeParameter, depth: number, random: RandomStream): number {
  const [side, within] = [random.uniform(), random.uniform()];
  if (scale === 'log') return within;
  // Halved, since the width of [-1e308, 1e308] is no number.
  const width = max / 2 - min / 2;
  const isNegative = min < 0 && (max <= 0 || side < 0.5);
  const [near, far] = isNegative ? [-max, -min] : [min, max];
  const magnitude = far * power(Math.max(near / far, power(10, -depth)), within);
  const value = isNegative ? -magnitude : magnitude;
  return Math.min(1, Math.max(0, (value / 2 - min / 2) / width));
}
