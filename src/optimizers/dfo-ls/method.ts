import { finite } from '../snapshot.ts';
import type { Method } from '../trust-region/contract.ts';
import { fittedOf, LinearResiduals } from './points.ts';

/** A linear model of each residual, through n + 1 points. */
export function dfoLsMethod(dimension: number, steps: readonly number[]): Method {
  return {
    sample({ fx, violation, residuals }, isRepairing) {
      if (isRepairing) {
        const isMeasured = violation > 0 && !Number.isNaN(fx) && finite(violation ** 2);
        return isMeasured ? fittedOf(Float64Array.of(violation)) : undefined;
      }
      if (violation > 0 || !Number.isFinite(fx) || !residuals || residuals.length === 0) return undefined;
      const fitted = fittedOf(residuals);
      return finite(fitted.value) ? fitted : undefined;
    },
    around: (x, width) => Array.from(x, (value, i) => x.with(i, value + stepFrom(value, width, steps[i]!))),
    make: (points, samples) => LinearResiduals.of(points, samples),
    load: (reader) => LinearResiduals.load(reader, dimension),
    keepsFailed: false,
    restartsEarly: true,
  };
}

/** To the side where the box has room; between integers a whole step. */
function stepFrom(x: number, width: number, values: number): number {
  const by = values > 1 ? Math.max(width, 1 / values) : width;
  return x + by <= 1 ? by : -Math.min(by, x);
}
