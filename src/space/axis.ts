import type { FreeParameter } from './parameter.ts';

/** One free parameter as a coordinate of the unit box. Both directions never decrease, and never leave their interval. */
export interface Axis {
  /** `u` = 0 gives exactly `min`, `u` = 1 exactly `max`. */
  toTask(u: number): number;
  /** For an integer, the middle of its cell: the way back gives the same integer. */
  toUnit(value: number): number;
  /** How fast the value grows with `u`; for an integer as if it had all values between. */
  slope(u: number): number;
  /** Between the bounds: `toTask(u)` is `low` + `u` `width`, if that is all. */
  readonly line?: { readonly low: number; readonly width: number };
}

/**
 * Real: [min, max] is mapped to [0, 1]. Integer: [min - 1/2, max + 1/2] is, so that each integer has a cell of the unit interval,
 * all equally wide on a linear scale. On a log scale both hold for the logarithms.
 */
export function axisOf(parameter: FreeParameter): Axis {
  const { type, scale, min, max } = parameter;
  const margin = type === 'integer' ? 0.5 : 0;
  const to = scale === 'log' ? Math.log : same;
  const from = scale === 'log' ? Math.exp : same;
  const low = to(min - margin);
  const high = to(max + margin);
  // The width of [-1e308, 1e308] is no number; half of it is.
  const part = Number.isFinite(high - low) ? 1 : 0.5;
  const width = high * part - low * part;
  const isLine = type === 'real' && scale === 'linear' && part === 1;
  return {
    ...(isLine ? { line: { low, width } } : {}),
    toTask(u) {
      if (u <= 0) return min;
      if (u >= 1) return max;
      const value = from((low * part + u * width) / part);
      // + 0: a rounded -0.3 is -0
      return clamp(type === 'integer' ? Math.round(value) + 0 : value, min, max);
    },
    slope: (u) => (scale === 'log' ? (width / part) * from(low + clamp(u, 0, 1) * width) : width / part),
    // Neighbouring numbers may have the same logarithm.
    toUnit: (value) => (width > 0 ? clamp((to(value) * part - low * part) / width, 0, 1) : 0),
  };
}

const same = (value: number): number => value;

function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}
