import { finite } from '../snapshot.ts';
import type { Method } from '../trust-region/contract.ts';
import { axialDesign } from './design.ts';
import { InterpolatedPoints } from './points.ts';

/** A quadratic through 2 n + 1 points, which changes as little as can be with each of them. */
export function bobyqaMethod(dimension: number, steps: readonly number[]): Method {
  return {
    sample({ fx, violation }, isRepairing) {
      const isMeasured = !Number.isNaN(fx) && violation > 0 === isRepairing;
      const value = isRepairing ? violation : fx;
      return isMeasured && finite(value) ? { value } : undefined;
    },
    around: (x, width) => axialDesign(x, width, steps),
    make: (points, samples) => InterpolatedPoints.of(points, samples),
    load: (reader) => InterpolatedPoints.load(reader, dimension),
    keepsFailed: true,
    restartsEarly: false,
  };
}
